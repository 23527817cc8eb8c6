#pragma once

#include "widgets/editor/optioneditors.h"
#include "widgets/editor/paneldraft.h"

#include <QTimer>

class QComboBox;
class QLabel;
class QLineEdit;
class QScrollArea;
class QToolButton;
class QVBoxLayout;

namespace Promdeck {

class OverridesEditing;

/// One foldable section of the options pane.
class OptionSection final : public QWidget
{
    Q_OBJECT
public:
    OptionSection(const QString& title, QWidget* parent);
    [[nodiscard]] QString title() const;
    void setOpen(bool open);
    [[nodiscard]] bool isOpen() const;
    void setBadge(int count); ///< how many options differ from nothing
    [[nodiscard]] QVBoxLayout* body() const { return m_bodyLayout; }

Q_SIGNALS:
    void opened();

private:
    QToolButton* m_head;
    QWidget* m_body;
    QVBoxLayout* m_bodyLayout;
    QString m_title;
};

/// All options of a panel by section, with a search over them; the type above, overrides below. Sections make their
/// editors one after the other once the pane is on screen, so that opening does not wait for them.
class OptionsPane final : public QWidget
{
    Q_OBJECT
public:
    explicit OptionsPane(QWidget* parent = nullptr);
    /// Null lets go of the panel.
    void setDraft(PanelDraft* draft);
    void setContext(const OptionContext& context);
    void setSearch(const QString& text);
    /// The editor of an option, made when it was not yet; null when the type has no such option.
    [[nodiscard]] OptionEditor* editor(const QString& path);
    [[nodiscard]] QComboBox* typeBox() const { return m_type; }
    [[nodiscard]] OverridesEditing* overrides() const { return m_overrides; }

private:
    struct Row
    {
        const OptionSpec* spec;
        int section;
        QWidget* widget = nullptr; ///< label and editor; null until the section is made
        OptionEditor* editor = nullptr;
    };
    void rebuild();
    void makeSection(int section);
    void makeNext();
    void update();
    void filter();

    QPointer<PanelDraft> m_draft;
    OptionContext m_context;
    QComboBox* m_type;
    QLineEdit* m_search;
    QScrollArea* m_scroll;
    QWidget* m_content = nullptr;
    QLabel* m_nothing = nullptr;
    QString m_builtType;
    std::vector<OptionSection*> m_sections;
    std::vector<Row> m_rows;
    OverridesEditing* m_overrides = nullptr;
    QTimer m_makeTimer;
};

} // namespace Promdeck
