#include "widgets/editor/overridesediting.h"

#include "widgets/common/icons.h"
#include "widgets/common/theme.h"
#include "widgets/editor/editorparts.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

const QStringList& matcherIds()
{
    static const QStringList ids {u"byName"_s, u"byRegexp"_s, u"byType"_s, u"byFrameRefID"_s};
    return ids;
}

QString matcherText(const QString& id)
{
    if (id == u"byName")
        return OverridesEditing::tr("Fields with name");
    if (id == u"byRegexp")
        return OverridesEditing::tr("Fields with name matching");
    if (id == u"byType")
        return OverridesEditing::tr("Fields with type");
    if (id == u"byFrameRefID")
        return OverridesEditing::tr("Fields of query");
    return id;
}

/// What an option of a property is when it is new: something to be seen at once where the type has no own default.
Json firstValue(const OptionSpec& spec, const Json& panel)
{
    const Json& own = panel.path(spec.path);
    if (!own.isNull())
        return own;
    if (!spec.fallback.isNull())
        return spec.fallback;
    switch (spec.kind) {
    case OptionSpec::Kind::Bool: return Json(true);
    case OptionSpec::Kind::Color: return Json(u"green"_s);
    case OptionSpec::Kind::ColorMode: return Json(u"fixed"_s);
    case OptionSpec::Kind::Number:
    case OptionSpec::Kind::Integer:
    case OptionSpec::Kind::Slider: return Json(spec.kind == OptionSpec::Kind::Slider ? spec.min : 0);
    case OptionSpec::Kind::Mappings:
    case OptionSpec::Kind::DataLinks:
    case OptionSpec::Kind::Calcs: return Json::array();
    case OptionSpec::Kind::Thresholds:
        return Json::object({{u"mode"_s, Json(u"absolute"_s)},
                             {u"steps"_s, Json::array({Json::object({{u"color"_s, Json(u"green"_s)}, {u"value"_s, Json()}})})}});
    default: return Json(QString());
    }
}

} // namespace

OverridesEditing::OverridesEditing(PanelDraft* draft, QWidget* parent)
    : QWidget(parent), m_draft(draft), m_layout(new QVBoxLayout(this)), m_cardLayout(new QVBoxLayout)
{
    setObjectName(u"overrides"_s);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(8);
    m_cardLayout->setSpacing(8);
    m_layout->addLayout(m_cardLayout);
    auto* add = new QToolButton(this);
    add->setObjectName(u"overrideAdd"_s);
    add->setText(tr("Add override"));
    add->setIcon(themeIcon(u"plus"_s));
    add->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    add->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(add);
    for (const QString& id : matcherIds()) {
        QAction* action = menu->addAction(matcherText(id), this, [this, id] { addRule(id); });
        action->setObjectName(u"addOverride:"_s + id);
    }
    add->setMenu(menu);
    auto* line = new QHBoxLayout;
    line->addWidget(add);
    line->addStretch(1);
    m_layout->addLayout(line);
}

void OverridesEditing::addRule(const QString& matcherId)
{
    if (!m_draft)
        return;
    Json panel = withOverrideAdded(m_draft->json(), matcherId);
    const qsizetype index = panel.path(u"fieldConfig.overrides").size() - 1;
    const QString first = matcherId == u"byName" ? m_context.fieldNames.value(0) : matcherId == u"byFrameRefID" ? u"A"_s : QString();
    if (!first.isEmpty())
        panel = withOverrideMatcher(panel, index, Json::object({{u"id"_s, Json(matcherId)}, {u"options"_s, Json(first)}}));
    m_draft->change(panel);
}

Json OverridesEditing::rules() const
{
    return m_draft ? m_draft->json().path(u"fieldConfig.overrides") : Json();
}

std::vector<const OptionSpec*> OverridesEditing::specsOf(const Json& rule, const QString& type)
{
    std::vector<const OptionSpec*> specs;
    for (const Json& property : rule[u"properties"].items()) {
        for (const OptionSpec& spec : optionsFor(type)) {
            if (spec.propertyId() != property[u"id"].toString())
                continue;
            const QString path = spec.propertyPath();
            if (path.isEmpty() || property[u"value"].isNull() || !property[u"value"].path(path).isNull())
                specs.push_back(&spec);
        }
    }
    return specs;
}

QString OverridesEditing::shape() const
{
    QString text = m_draft->json()[u"type"].toString();
    for (const Json& rule : rules().items()) {
        text += u'|' + rule.path(u"matcher.id").toString();
        for (const OptionSpec* spec : specsOf(rule, m_draft->json()[u"type"].toString()))
            text += u',' + spec->path;
        for (const Json& property : rule[u"properties"].items())
            text += u';' + property[u"id"].toString();
    }
    return text;
}

void OverridesEditing::setContext(const OptionContext& context)
{
    m_context = context;
    for (const Shown& shown : m_shown)
        shown.editor->setContext(context);
}

void OverridesEditing::update()
{
    if (!m_draft || !m_draft->exists())
        return;
    const QString now = shape();
    if (now != m_shape) {
        m_shape = now;
        rebuild();
    }
    const Json list = rules();
    for (const Shown& shown : m_shown) {
        for (const Json& property : list.at(shown.rule)[u"properties"].items()) {
            if (property[u"id"].toString() != shown.spec->propertyId())
                continue;
            const QString path = shown.spec->propertyPath();
            shown.editor->setValue(path.isEmpty() ? property[u"value"] : property[u"value"].path(path));
        }
    }
}

void OverridesEditing::rebuild()
{
    for (QWidget* card : std::as_const(m_cards)) {
        card->hide();
        card->deleteLater();
    }
    m_cards.clear();
    m_shown.clear();
    for (int rule = 0; rule < rules().size(); ++rule) {
        QWidget* card = makeCard(rule);
        m_cards << card;
        m_cardLayout->addWidget(card);
    }
}

void OverridesEditing::addMatcher(int rule, QWidget* card, QVBoxLayout* layout)
{
    const Json matcher = rules().at(rule)[u"matcher"];
    const QString id = matcher[u"id"].toString();
    auto* line = new QHBoxLayout;
    auto* kind = new QComboBox(card);
    kind->setObjectName(u"overrideKind"_s);
    kind->setAccessibleName(tr("Which fields"));
    kind->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    for (const QString& one : matcherIds())
        kind->addItem(matcherText(one), one);
    if (kind->findData(id) < 0)
        kind->addItem(id, id);
    kind->setCurrentIndex(kind->findData(id));
    connect(kind, &QComboBox::activated, this, [this, rule, kind](int index) {
        const QString chosen = kind->itemData(index).toString();
        const Json first = Json(chosen == u"byType" ? u"number"_s : chosen == u"byFrameRefID" ? u"A"_s : QString());
        m_draft->change(withOverrideMatcher(m_draft->json(), rule, Json::object({{u"id"_s, Json(chosen)}, {u"options"_s, first}})));
    });
    auto* value = new QComboBox(card);
    value->setObjectName(u"overrideValue"_s);
    value->setAccessibleName(tr("Name, expression, type or query"));
    value->setEditable(true);
    value->setInsertPolicy(QComboBox::NoInsert);
    value->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    if (id == u"byName")
        value->addItems(m_context.fieldNames);
    else if (id == u"byType")
        value->addItems({u"number"_s, u"string"_s, u"time"_s, u"boolean"_s});
    else if (id == u"byFrameRefID") {
        for (const Json& target : m_draft->json()[u"targets"].items())
            value->addItem(target[u"refId"].toString());
    }
    const Json& options = matcher[u"options"];
    value->setEditText(options.isObject() || options.isArray() ? QString::fromUtf8(options.toUtf8()) : options.scalarText());
    value->setEnabled(!options.isObject() && !options.isArray()); // lists of names and conditions: in the JSON only
    const auto give = [this, rule, value](bool typing) {
        if (!m_draft)
            return;
        Json changed = rules().at(rule)[u"matcher"];
        changed.set(u"options"_s, Json(value->currentText()));
        m_draft->change(withOverrideMatcher(m_draft->json(), rule, changed), typing ? u"override %1"_s.arg(rule) : QString());
    };
    connect(value, &QComboBox::activated, this, [give] { give(false); });
    connect(value->lineEdit(), &QLineEdit::textEdited, this, [give] { give(true); });
    line->addWidget(kind, 1);
    line->addWidget(value, 1);
    layout->addLayout(line);
}

QWidget* OverridesEditing::makeCard(int rule)
{
    auto* card = new EditorCard(this);
    card->setObjectName(u"override:%1"_s.arg(rule));
    auto* layout = new QVBoxLayout(card);
    layout->setContentsMargins(8, 6, 6, 8);
    layout->setSpacing(6);
    auto* head = new QHBoxLayout;
    auto* title = new QLabel(tr("Override %1").arg(rule + 1), card);
    title->setForegroundRole(QPalette::PlaceholderText);
    head->addWidget(title, 1);
    QToolButton* up = rowButton(card, u"overrideUp"_s, u"chevron-up"_s, tr("Move up"));
    up->setEnabled(rule > 0);
    connect(up, &QToolButton::clicked, this, [this, rule] { m_draft->change(withOverrideMoved(m_draft->json(), rule, rule - 1)); });
    QToolButton* down = rowButton(card, u"overrideDown"_s, u"chevron-down"_s, tr("Move down"));
    down->setEnabled(rule + 1 < rules().size());
    connect(down, &QToolButton::clicked, this, [this, rule] { m_draft->change(withOverrideMoved(m_draft->json(), rule, rule + 1)); });
    QToolButton* remove = rowButton(card, u"overrideRemove"_s, u"trash"_s, tr("Remove the override"));
    connect(remove, &QToolButton::clicked, this, [this, rule] { m_draft->change(withOverrideRemoved(m_draft->json(), rule)); });
    head->addWidget(up);
    head->addWidget(down);
    head->addWidget(remove);
    layout->addLayout(head);
    addMatcher(rule, card, layout);

    const QString type = m_draft->json()[u"type"].toString();
    QStringList known;
    for (const OptionSpec* spec : specsOf(rules().at(rule), type)) {
        known << spec->propertyId();
        auto* line = new QHBoxLayout;
        auto* label = new QLabel(spec->label, card);
        label->setFixedWidth(110);
        label->setWordWrap(true);
        OptionEditor* editor = makeOptionEditor(*spec, card);
        editor->setObjectName(u"override:%1:%2"_s.arg(QString::number(rule), spec->path));
        editor->setContext(m_context);
        label->setBuddy(editor);
        connect(editor, &OptionEditor::edited, this, [this, rule, spec](const Json& value, bool typing) { setProperty(rule, *spec, value, typing); });
        QToolButton* drop = rowButton(card, u"propertyRemove"_s, u"close"_s, tr("Remove %1").arg(spec->label));
        connect(drop, &QToolButton::clicked, this, [this, rule, id = spec->propertyId()] {
            m_draft->change(withOverridePropertyRemoved(m_draft->json(), rule, id));
        });
        line->addWidget(label);
        line->addWidget(editor, 1);
        line->addWidget(drop);
        layout->addLayout(line);
        m_shown.push_back({rule, spec, editor});
    }
    // What nobody here can edit is not lost: it is named and can be taken away.
    for (const Json& property : rules().at(rule)[u"properties"].items()) {
        const QString id = property[u"id"].toString();
        if (known.contains(id))
            continue;
        auto* line = new QHBoxLayout;
        auto* label = new QLabel(id + u" = "_s + QString::fromUtf8(property[u"value"].toUtf8()), card);
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        QToolButton* drop = rowButton(card, u"propertyRemove"_s, u"close"_s, tr("Remove %1").arg(id));
        connect(drop, &QToolButton::clicked, this, [this, rule, id] { m_draft->change(withOverridePropertyRemoved(m_draft->json(), rule, id)); });
        line->addWidget(label, 1);
        line->addWidget(drop);
        layout->addLayout(line);
    }

    auto* add = new QToolButton(card);
    add->setObjectName(u"propertyAdd"_s);
    add->setText(tr("Add property"));
    add->setIcon(themeIcon(u"plus"_s));
    add->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    add->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(add);
    connect(menu, &QMenu::aboutToShow, this, [this, menu, rule, type] {
        menu->clear();
        QMenu* section = nullptr;
        for (const OptionSpec& spec : optionsFor(type)) {
            if (spec.propertyId().isEmpty())
                continue;
            if (!section || section->title() != spec.section)
                section = menu->addMenu(spec.section);
            section->addAction(spec.label, this, [this, rule, &spec] { addProperty(rule, spec); });
        }
    });
    add->setMenu(menu);
    auto* line = new QHBoxLayout;
    line->addWidget(add);
    line->addStretch(1);
    layout->addLayout(line);
    guardWheel(card);
    return card;
}

void OverridesEditing::addProperty(int rule, const OptionSpec& spec)
{
    if (m_draft)
        setProperty(rule, spec, firstValue(spec, m_draft->json()), false);
}

void OverridesEditing::setProperty(int rule, const OptionSpec& spec, const Json& value, bool typing)
{
    if (!m_draft)
        return;
    const QString id = spec.propertyId();
    const QString path = spec.propertyPath();
    Json whole = value;
    if (!path.isEmpty()) {
        whole = Json::object();
        for (const Json& property : rules().at(rule)[u"properties"].items()) {
            if (property[u"id"].toString() == id && property[u"value"].isObject())
                whole = property[u"value"];
        }
        whole.setPath(path, value);
        if (id == u"color" && !whole[u"mode"].isString())
            whole.set(u"mode"_s, Json(u"fixed"_s));
    }
    m_draft->change(withOverrideProperty(m_draft->json(), rule, id, whole), typing ? u"override %1 %2"_s.arg(QString::number(rule), spec.path) : QString());
}

} // namespace Promdeck
