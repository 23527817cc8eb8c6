#pragma once

#include <QWidget>

class QComboBox;

namespace Promdeck {

class DashboardCatalogue;

/// Which folder files go to: one of the library, one below it, or any other.
class FolderPicker final : public QWidget
{
    Q_OBJECT
public:
    explicit FolderPicker(DashboardCatalogue* catalogue, QWidget* parent = nullptr);
    [[nodiscard]] QString folder() const; ///< absolute; empty when nothing sensible is given
    void setFolder(const QString& folder);
    /// The library's folders as they are now.
    void refresh();

Q_SIGNALS:
    void changed();

private:
    DashboardCatalogue* m_catalogue;
    QComboBox* m_box;
};

} // namespace Promdeck
