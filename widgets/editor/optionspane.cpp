#include "widgets/editor/optionspane.h"

#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"
#include "widgets/editor/editorparts.h"
#include "widgets/editor/overridesediting.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QToolButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kLabelWidth = 132;
constexpr int kMakeDelayMs = 0;

/// Label beside or above an editor.
QWidget* makeRow(const OptionSpec& spec, OptionEditor* editor, QWidget* parent)
{
    auto* row = new QWidget(parent);
    auto* label = new QLabel(spec.label, row);
    label->setBuddy(editor);
    label->setWordWrap(true);
    if (!spec.help.isEmpty())
        label->setToolTip(plainTip(spec.help));
    label->setForegroundRole(QPalette::WindowText);
    QBoxLayout* layout = nullptr;
    if (editor->isWide()) {
        layout = new QVBoxLayout(row);
        layout->setSpacing(4);
    } else {
        layout = new QHBoxLayout(row);
        layout->setSpacing(8);
        label->setFixedWidth(kLabelWidth);
    }
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(label);
    layout->addWidget(editor, 1);
    editor->setParent(row);
    return row;
}

} // namespace

// --- section ----------------------------------------------------------------------------------------------

OptionSection::OptionSection(const QString& title, QWidget* parent)
    : QWidget(parent), m_head(new QToolButton(this)), m_body(new QWidget(this)), m_bodyLayout(new QVBoxLayout(m_body)), m_title(title)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_head->setObjectName(u"section:"_s + title);
    m_head->setText(title);
    m_head->setCheckable(true);
    m_head->setChecked(true);
    m_head->setAutoRaise(true);
    m_head->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_head->setIcon(themeIcon(u"chevron-down"_s, IconRole::Secondary));
    m_head->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    QFont font = m_head->font();
    font.setWeight(QFont::DemiBold);
    m_head->setFont(font);
    m_bodyLayout->setContentsMargins(10, 4, 6, 12);
    m_bodyLayout->setSpacing(8);
    layout->addWidget(m_head);
    layout->addWidget(m_body);
    connect(m_head, &QToolButton::toggled, this, [this](bool open) {
        m_body->setVisible(open);
        m_head->setIcon(themeIcon(open ? u"chevron-down"_s : u"chevron-right"_s, IconRole::Secondary));
        if (open)
            Q_EMIT opened();
    });
}

QString OptionSection::title() const
{
    return m_title;
}

void OptionSection::setOpen(bool open)
{
    m_head->setChecked(open);
}

bool OptionSection::isOpen() const
{
    return m_head->isChecked();
}

void OptionSection::setBadge(int count)
{
    m_head->setText(count > 0 ? tr("%1 (%2)").arg(m_title).arg(count) : m_title);
}

// --- pane -------------------------------------------------------------------------------------------------

OptionsPane::OptionsPane(QWidget* parent) : QWidget(parent), m_type(new QComboBox(this)), m_search(new QLineEdit(this)), m_scroll(new QScrollArea(this))
{
    setObjectName(u"optionsPane"_s);
    setMinimumWidth(300);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    m_type->setObjectName(u"panelType"_s);
    m_type->setAccessibleName(tr("Type of visualisation"));
    m_type->setMaxVisibleItems(20);
    for (const PanelTypeInfo& info : panelTypes()) {
        m_type->addItem(info.name, info.type);
        m_type->setItemData(m_type->count() - 1, plainTip(info.description), Qt::ToolTipRole);
    }
    m_search->setObjectName(u"optionSearch"_s);
    m_search->setPlaceholderText(tr("Search options"));
    m_search->setAccessibleName(tr("Search options"));
    m_search->setClearButtonEnabled(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    layout->addWidget(m_type);
    layout->addWidget(m_search);
    layout->addWidget(m_scroll, 1);
    connect(m_search, &QLineEdit::textChanged, this, &OptionsPane::filter);
    connect(m_type, &QComboBox::activated, this, [this](int index) {
        if (m_draft)
            m_draft->change(withPanelType(m_draft->json(), m_type->itemData(index).toString()));
    });
    m_makeTimer.setInterval(kMakeDelayMs);
    connect(&m_makeTimer, &QTimer::timeout, this, &OptionsPane::makeNext);
}

void OptionsPane::setDraft(PanelDraft* draft)
{
    if (m_draft)
        disconnect(m_draft, nullptr, this, nullptr);
    m_draft = draft;
    m_builtType.clear();
    if (!draft) {
        m_makeTimer.stop();
        m_rows.clear();
        m_sections.clear();
        m_overrides = nullptr;
        m_scroll->setWidget(nullptr);
        m_content = nullptr;
        return;
    }
    connect(draft, &PanelDraft::changed, this, &OptionsPane::update);
    m_search->clear();
    update();
}

void OptionsPane::setContext(const OptionContext& context)
{
    m_context = context;
    for (const Row& row : m_rows) {
        if (row.editor)
            row.editor->setContext(m_context);
    }
    if (m_overrides)
        m_overrides->setContext(m_context);
}

void OptionsPane::setSearch(const QString& text)
{
    m_search->setText(text);
}

void OptionsPane::rebuild()
{
    const QString type = m_draft->json()[u"type"].toString();
    m_builtType = type;
    m_rows.clear();
    m_sections.clear();
    m_content = new QWidget;
    auto* layout = new QVBoxLayout(m_content);
    layout->setContentsMargins(0, 0, 8, 0);
    layout->setSpacing(2);
    m_nothing = new QLabel(tr("No option fits this search"), m_content);
    m_nothing->setAlignment(Qt::AlignCenter);
    m_nothing->setForegroundRole(QPalette::PlaceholderText);
    m_nothing->hide();
    layout->addWidget(m_nothing);
    for (const OptionSpec& spec : optionsFor(type)) {
        if (m_sections.empty() || m_sections.back()->title() != spec.section) {
            const auto known = std::find_if(m_sections.begin(), m_sections.end(), [&](const OptionSection* section) { return section->title() == spec.section; });
            if (known == m_sections.end()) {
                auto* section = new OptionSection(spec.section, m_content);
                m_sections.push_back(section);
                layout->addWidget(section);
            }
        }
        const auto place = std::find_if(m_sections.begin(), m_sections.end(), [&](const OptionSection* section) { return section->title() == spec.section; });
        m_rows.push_back({&spec, int(place - m_sections.begin()), nullptr, nullptr});
    }
    auto* section = new OptionSection(tr("Overrides"), m_content);
    section->setObjectName(u"overridesSection"_s);
    m_overrides = new OverridesEditing(m_draft, section);
    m_overrides->setContext(m_context);
    section->body()->addWidget(m_overrides);
    layout->addWidget(section);
    layout->addStretch(1);
    m_scroll->setWidget(m_content); // takes the old one away
    makeSection(0);
    m_makeTimer.start();
    const int index = m_type->findData(type);
    if (index < 0)
        m_type->addItem(type, type);
    m_type->setCurrentIndex(m_type->findData(type));
}

void OptionsPane::makeSection(int section)
{
    for (Row& row : m_rows) {
        if (row.section != section || row.editor)
            continue;
        row.editor = makeOptionEditor(*row.spec, m_content);
        row.editor->setContext(m_context);
        row.editor->setValue(m_draft->json().path(row.spec->path));
        row.widget = makeRow(*row.spec, row.editor, m_content);
        m_sections[size_t(section)]->body()->addWidget(row.widget);
        guardWheel(row.widget);
        connect(row.editor, &OptionEditor::edited, this, [this, path = row.spec->path](const Json& value, bool typing) {
            if (m_draft)
                m_draft->set(path, value, typing);
        });
    }
}

void OptionsPane::makeNext()
{
    for (const Row& row : m_rows) {
        if (!row.editor) {
            makeSection(row.section);
            filter();
            return;
        }
    }
    m_makeTimer.stop();
}

OptionEditor* OptionsPane::editor(const QString& path)
{
    for (const Row& row : m_rows) {
        if (row.spec->path != path)
            continue;
        makeSection(row.section);
        filter();
        return row.editor;
    }
    return nullptr;
}

void OptionsPane::update()
{
    if (!m_draft || !m_draft->exists())
        return;
    if (m_draft->json()[u"type"].toString() != m_builtType)
        rebuild();
    for (const Row& row : m_rows) {
        if (row.editor)
            row.editor->setValue(m_draft->json().path(row.spec->path));
    }
    m_overrides->update();
    filter();
}

/// Shows what fits the search and what makes sense with the other options.
void OptionsPane::filter()
{
    if (!m_draft || !m_draft->exists() || !m_content)
        return;
    const QString search = m_search->text();
    std::vector<char> any(m_sections.size(), 0);
    for (const Row& row : m_rows) {
        const bool shown = makesSense(*row.spec, m_draft->json()) && matchesSearch(*row.spec, search);
        if (row.widget)
            row.widget->setVisible(shown);
        any[size_t(row.section)] |= char(shown);
    }
    bool some = false;
    for (size_t index = 0; index < m_sections.size(); ++index) {
        m_sections[index]->setVisible(any[index]);
        if (any[index] && !search.isEmpty())
            m_sections[index]->setOpen(true);
        some = some || any[index];
    }
    m_nothing->setVisible(!some);
}

} // namespace Promdeck
