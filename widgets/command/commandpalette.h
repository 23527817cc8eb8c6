#pragma once

#include <QAbstractListModel>
#include <QFrame>

#include <functional>
#include <string>
#include <vector>

class QLabel;
class QLineEdit;
class QListView;

namespace Promdeck {

/// Something one can do or go to.
struct PaletteEntry
{
    QString title;
    QString group;  ///< "Action", "Dashboard", "Panel", "Stack"
    QString detail; ///< what tells it from others of the same title; searched as well
    QString keys;   ///< its shortcut
    QString icon;
    std::function<void()> run;
};

/// The entries that fit what was typed, best first. All words have to fit, each as a word, its beginning or
/// its letters in order.
class PaletteModel final : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role { GroupRole = Qt::UserRole + 1, DetailRole, KeysRole };
    explicit PaletteModel(std::vector<PaletteEntry> entries, QObject* parent = nullptr);
    /// Asked at every search for what fits beside the entries; for sets too large to be listed. Takes a few ms at most.
    using Finder = std::function<std::vector<PaletteEntry>(const QString& text)>;
    void setFinder(Finder finder) { m_finder = std::move(finder); }
    void search(const QString& text);
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] const PaletteEntry& entry(int row) const
    {
        const size_t index = m_shown[size_t(row)];
        return index < m_entries.size() ? m_entries[index] : m_found[index - m_entries.size()];
    }

private:
    std::vector<PaletteEntry> m_entries;
    std::vector<std::string> m_titles;  ///< UTF-8, for the matcher
    std::vector<std::string> m_details; ///< group and detail
    Finder m_finder;
    std::vector<PaletteEntry> m_found; ///< by the finder, for the text of now
    std::vector<size_t> m_shown;       ///< of the entries, then of what was found
};

/// Ctrl+K: type what you want, Enter does it.
class CommandPalette final : public QFrame
{
    Q_OBJECT
public:
    CommandPalette(std::vector<PaletteEntry> entries, QWidget* window);
    void setFinder(PaletteModel::Finder finder) { m_model->setFinder(std::move(finder)); }
    /// In the upper half of its window.
    void popup();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void search(const QString& text);
    void choose(const QModelIndex& index);

    PaletteModel* m_model;
    QLineEdit* m_search;
    QListView* m_list;
    QLabel* m_empty;
};

} // namespace Promdeck
