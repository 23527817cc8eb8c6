#include "widgets/editor/listeditors.h"

#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/editor/colorbutton.h"
#include "widgets/editor/editorparts.h"

#include <QApplication>
#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

/// Nothing for a text that is no number.
Json numberOf(const QString& text)
{
    bool ok = false;
    const double value = QString(text).trimmed().replace(u',', u'.').toDouble(&ok);
    return ok ? Json(value) : Json();
}

QLineEdit* addField(QWidget* row, const QString& name, const QString& text, const QString& hint, int stretch = 1)
{
    auto* field = new QLineEdit(text, row);
    field->setObjectName(name);
    field->setPlaceholderText(hint);
    field->setAccessibleName(hint);
    field->setMinimumWidth(40);
    static_cast<QHBoxLayout*>(row->layout())->addWidget(field, stretch);
    return field;
}

} // namespace

ListEditor::ListEditor(QWidget* parent) : OptionEditor(parent), m_layout(new QVBoxLayout(this)), m_rowLayout(new QVBoxLayout)
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(6);
    m_rowLayout->setSpacing(4);
    m_layout->addLayout(m_rowLayout);
}

void ListEditor::addButton(const QString& name, const QString& text, const std::function<void()>& add)
{
    auto* button = new QPushButton(themeIcon(u"plus"_s), text, this);
    button->setObjectName(name);
    connect(button, &QPushButton::clicked, this, add);
    auto* line = new QHBoxLayout;
    line->addWidget(button);
    line->addStretch(1);
    m_layout->addLayout(line);
}

void ListEditor::rebuild(int rows)
{
    for (QWidget* row : std::as_const(m_rows)) {
        row->hide();
        row->deleteLater(); // its own button may have led here
    }
    m_rows.clear();
    for (int row = 0; row < rows; ++row) {
        auto* widget = new QWidget(this);
        auto* line = new QHBoxLayout(widget);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(4);
        m_rows << widget;
        fillRow(row, widget);
        guardWheel(widget);
        m_rowLayout->addWidget(widget);
    }
}

QWidget* ListEditor::rowWidget(int row) const
{
    return m_rows.value(row);
}

void ListEditor::addRemove(QWidget* row, const QString& name, const QString& text, const std::function<void()>& remove)
{
    auto* button = new QToolButton(row);
    button->setObjectName(name);
    button->setIcon(themeIcon(u"trash"_s, IconRole::Secondary));
    button->setAutoRaise(true);
    button->setToolTip(plainTip(text));
    button->setAccessibleName(text);
    connect(button, &QToolButton::clicked, this, remove);
    static_cast<QHBoxLayout*>(row->layout())->addWidget(button);
}

bool ListEditor::hasFocusInside() const
{
    const QWidget* focus = QApplication::focusWidget();
    return focus && isAncestorOf(focus) && qobject_cast<const QLineEdit*>(focus);
}

// --- thresholds -------------------------------------------------------------------------------------------

ThresholdsEditor::ThresholdsEditor(QWidget* parent) : ListEditor(parent), m_mode(new QComboBox(this))
{
    m_mode->setObjectName(u"thresholdsMode"_s);
    m_mode->addItems({tr("Absolute"), tr("Percent of the range")});
    m_mode->setAccessibleName(tr("Threshold mode"));
    m_layout->insertWidget(0, m_mode);
    connect(m_mode, &QComboBox::activated, this, [this](int index) {
        m_value.set(u"mode"_s, Json(index == 1 ? u"percentage"_s : u"absolute"_s));
        give(false);
    });
    addButton(u"thresholdAdd"_s, tr("Add threshold"), [this] {
        Json steps = m_value[u"steps"];
        if (steps.size() == 0)
            steps.append(Json::object({{u"color"_s, Json(u"green"_s)}, {u"value"_s, Json()}}));
        static const QStringList colors {u"yellow"_s, u"orange"_s, u"red"_s, u"dark-red"_s};
        const Json& last = steps.at(steps.size() - 1)[u"value"];
        const double value = last.isNumber() ? last.toDouble() + 10 : 80;
        steps.append(Json::object({{u"color"_s, Json(steps.size() == 1 ? u"red"_s : colors.at(std::min<qsizetype>(steps.size() - 1, 3)))},
                                   {u"value"_s, Json(value)}}));
        m_value.set(u"steps"_s, steps);
        give(false);
    });
}

void ThresholdsEditor::setValue(const Json& value)
{
    m_value = value.isObject() ? value : Json::object({{u"mode"_s, Json(u"absolute"_s)}, {u"steps"_s, Json::array()}});
    m_mode->setCurrentIndex(m_value[u"mode"].toString() == u"percentage" ? 1 : 0);
    if (m_value[u"steps"] == m_shown)
        return;
    if (hasFocusInside() && m_value[u"steps"].size() == m_shown.size()) {
        m_shown = m_value[u"steps"];
        return;
    }
    m_shown = m_value[u"steps"];
    rebuild(int(m_shown.size()));
}

void ThresholdsEditor::fillRow(int row, QWidget* widget)
{
    // The highest on top, as they lie in the plot.
    const qsizetype index = m_shown.size() - 1 - row;
    const Json step = m_shown.at(index);
    auto* color = new ColorButton(widget);
    color->setColorName(step[u"color"].toString());
    color->setAccessibleName(tr("Colour of the threshold"));
    static_cast<QHBoxLayout*>(widget->layout())->addWidget(color);
    const auto change = [this, index](const QString& key, const Json& value, bool typing) {
        Json steps = m_value[u"steps"];
        if (index >= steps.size())
            return;
        Json changed = steps.at(index);
        changed.set(key, value);
        steps.setAt(index, changed);
        m_value.set(u"steps"_s, steps);
        give(typing);
    };
    connect(color, &ColorButton::chosen, this, [change](const QString& name) { change(u"color"_s, Json(name), false); });
    if (index == 0) {
        auto* base = new QLabel(tr("Base"), widget);
        static_cast<QHBoxLayout*>(widget->layout())->addWidget(base, 1);
        return;
    }
    QLineEdit* value = addField(widget, u"thresholdValue"_s, step[u"value"].scalarText(), tr("Value"));
    connect(value, &QLineEdit::textEdited, this, [change](const QString& text) {
        if (const Json number = numberOf(text); !number.isNull())
            change(u"value"_s, number, true);
    });
    // In order again once the number is whole.
    connect(value, &QLineEdit::editingFinished, this, [this] {
        Json::Array steps = m_value[u"steps"].items();
        const auto byValue = [](const Json& a, const Json& b) {
            return (a[u"value"].isNumber() ? a[u"value"].toDouble() : -1e308) < (b[u"value"].isNumber() ? b[u"value"].toDouble() : -1e308);
        };
        if (steps.empty() || std::is_sorted(steps.begin() + 1, steps.end(), byValue))
            return;
        std::stable_sort(steps.begin() + 1, steps.end(), byValue);
        m_value.set(u"steps"_s, Json::array(std::move(steps)));
        give(true);
        m_shown = m_value[u"steps"];
        rebuild(int(m_shown.size()));
    });
    addRemove(widget, u"thresholdRemove"_s, tr("Remove the threshold"), [this, index] {
        Json steps = m_value[u"steps"];
        steps.removeAt(index);
        m_value.set(u"steps"_s, steps);
        give(false);
    });
}

void ThresholdsEditor::give(bool typing)
{
    const Json value = m_value;
    if (!typing) {
        m_shown = Json();
        setValue(value);
    } else {
        m_shown = value[u"steps"];
    }
    Q_EMIT edited(value, typing);
}

// --- mappings ---------------------------------------------------------------------------------------------

std::vector<MappingsEditor::Row> MappingsEditor::rowsOf(const Json& mappings)
{
    std::vector<Row> rows;
    for (const Json& mapping : mappings.items()) {
        const QString type = mapping[u"type"].toString();
        const Json& options = mapping[u"options"];
        if (type == u"value") {
            std::vector<std::pair<qint64, Row>> values;
            for (const auto& [value, result] : options.members())
                values.emplace_back(result[u"index"].toInt(), Row {type, value, {}, result[u"text"].toString(), result[u"color"].toString()});
            std::stable_sort(values.begin(), values.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
            for (auto& [index, row] : values)
                rows.push_back(std::move(row));
            continue;
        }
        const Json& result = options[u"result"];
        const QString first = type == u"range" ? options[u"from"].scalarText() : type == u"regex" ? options[u"pattern"].toString() : options[u"match"].toString();
        rows.push_back({type, first, type == u"range" ? options[u"to"].scalarText() : QString(), result[u"text"].toString(), result[u"color"].toString()});
    }
    return rows;
}

Json MappingsEditor::mappingsOf(const std::vector<Row>& rows)
{
    Json list = Json::array();
    int index = 0;
    for (size_t at = 0; at < rows.size(); ++at) {
        const auto resultOf = [&index](const Row& row) {
            Json result = Json::object();
            if (!row.color.isEmpty())
                result.set(u"color"_s, Json(row.color));
            result.set(u"index"_s, Json(index++));
            if (!row.text.isEmpty())
                result.set(u"text"_s, Json(row.text));
            return result;
        };
        const Row& row = rows[at];
        Json options = Json::object();
        if (row.type == u"value") {
            // Neighbours share one mapping, as Grafana writes them.
            for (; at < rows.size() && rows[at].type == u"value"; ++at)
                options.set(rows[at].first, resultOf(rows[at]));
            --at;
        } else if (row.type == u"range") {
            options.set(u"from"_s, numberOf(row.first));
            options.set(u"to"_s, numberOf(row.second));
            options.set(u"result"_s, resultOf(row));
        } else {
            options.set(row.type == u"regex" ? u"pattern"_s : u"match"_s, Json(row.first));
            options.set(u"result"_s, resultOf(row));
        }
        list.append(Json::object({{u"options"_s, options}, {u"type"_s, Json(row.type)}}));
    }
    return list;
}

MappingsEditor::MappingsEditor(QWidget* parent) : ListEditor(parent)
{
    addButton(u"mappingAdd"_s, tr("Add mapping"), [this] {
        m_data.push_back({u"value"_s, QString(), QString(), QString(), QString()});
        rebuild(int(m_data.size()));
        if (auto* field = rowWidget(int(m_data.size()) - 1)->findChild<QLineEdit*>(u"mappingFirst"_s))
            field->setFocus();
    });
}

void MappingsEditor::setValue(const Json& value)
{
    if (value == m_value)
        return;
    m_value = value;
    const bool typing = hasFocusInside();
    std::vector<Row> rows = rowsOf(value);
    if (rows == m_data || (typing && rows.size() == m_data.size()))
        return;
    m_data = std::move(rows);
    rebuild(int(m_data.size()));
}

void MappingsEditor::fillRow(int row, QWidget* widget)
{
    const auto index = size_t(row);
    const Row data = m_data[index];
    auto* line = static_cast<QHBoxLayout*>(widget->layout());
    auto* type = new QComboBox(widget);
    static const QStringList types {u"value"_s, u"range"_s, u"regex"_s, u"special"_s};
    type->addItems({tr("Value"), tr("Range"), tr("Regex"), tr("Special")});
    type->setCurrentIndex(std::max(0, int(types.indexOf(data.type))));
    type->setObjectName(u"mappingType"_s);
    type->setAccessibleName(tr("Kind of mapping"));
    type->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    line->addWidget(type, 1);
    connect(type, &QComboBox::activated, this, [this, index](int choice) {
        m_data[index].type = types.at(choice);
        m_data[index].first = choice == 3 ? u"null"_s : QString();
        rebuild(int(m_data.size()));
        give(false);
    });
    if (data.type == u"special") {
        auto* match = new QComboBox(widget);
        static const QStringList matches {u"null"_s, u"nan"_s, u"null+nan"_s, u"true"_s, u"false"_s, u"empty"_s};
        match->addItems({u"Null"_s, u"NaN"_s, tr("Null or NaN"), tr("True"), tr("False"), tr("Empty")});
        match->setCurrentIndex(std::max(0, int(matches.indexOf(data.first))));
        match->setAccessibleName(tr("Special value"));
        match->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        line->addWidget(match, 2);
        connect(match, &QComboBox::activated, this, [this, index](int choice) {
            m_data[index].first = matches.at(choice);
            give(false);
        });
    } else {
        QLineEdit* first = addField(widget, u"mappingFirst"_s, data.first, data.type == u"range" ? tr("From") : data.type == u"regex" ? tr("Pattern") : tr("Value"));
        connect(first, &QLineEdit::textEdited, this, [this, index](const QString& text) {
            m_data[index].first = text;
            give(true);
        });
        if (data.type == u"range") {
            QLineEdit* second = addField(widget, u"mappingSecond"_s, data.second, tr("To"));
            connect(second, &QLineEdit::textEdited, this, [this, index](const QString& text) {
                m_data[index].second = text;
                give(true);
            });
        }
    }
    QLineEdit* text = addField(widget, u"mappingText"_s, data.text, tr("Shown as"), 2);
    connect(text, &QLineEdit::textEdited, this, [this, index](const QString& shown) {
        m_data[index].text = shown;
        give(true);
    });
    auto* color = new ColorButton(widget);
    color->setColorName(data.color);
    color->setAccessibleName(tr("Colour"));
    line->addWidget(color);
    connect(color, &ColorButton::chosen, this, [this, index](const QString& name) {
        m_data[index].color = name;
        give(false);
    });
    addRemove(widget, u"mappingRemove"_s, tr("Remove the mapping"), [this, index] {
        m_data.erase(m_data.begin() + qsizetype(index));
        rebuild(int(m_data.size()));
        give(false);
    });
}

void MappingsEditor::give(bool typing)
{
    m_value = mappingsOf(m_data);
    Q_EMIT edited(m_value, typing);
}

// --- links ------------------------------------------------------------------------------------------------

LinksEditor::LinksEditor(QWidget* parent) : ListEditor(parent)
{
    addButton(u"linkAdd"_s, tr("Add link"), [this] {
        if (!m_value.isArray())
            m_value = Json::array();
        m_value.append(Json::object({{u"title"_s, Json(QString())}, {u"url"_s, Json(QString())}}));
        rebuild(int(m_value.size()));
        if (auto* field = rowWidget(int(m_value.size()) - 1)->findChild<QLineEdit*>(u"linkTitle"_s))
            field->setFocus();
        Q_EMIT edited(m_value, false);
    });
}

void LinksEditor::setValue(const Json& value)
{
    if (value == m_value)
        return;
    const bool keep = hasFocusInside() && value.size() == m_value.size();
    m_value = value;
    if (!keep)
        rebuild(int(m_value.size()));
}

void LinksEditor::fillRow(int row, QWidget* widget)
{
    const Json link = m_value.at(row);
    QLineEdit* title = addField(widget, u"linkTitle"_s, link[u"title"].toString(), tr("Title"));
    connect(title, &QLineEdit::textEdited, this, [this, row](const QString& text) { give(u"title"_s, row, Json(text), true); });
    QLineEdit* url = addField(widget, u"linkUrl"_s, link[u"url"].toString(), tr("Address"), 2);
    connect(url, &QLineEdit::textEdited, this, [this, row](const QString& text) { give(u"url"_s, row, Json(text), true); });
    auto* blank = new QCheckBox(widget);
    blank->setChecked(link[u"targetBlank"].toBool());
    blank->setToolTip(tr("Open in a new tab"));
    blank->setAccessibleName(tr("Open in a new tab"));
    static_cast<QHBoxLayout*>(widget->layout())->addWidget(blank);
    connect(blank, &QCheckBox::clicked, this, [this, row](bool on) { give(u"targetBlank"_s, row, Json(on), false); });
    addRemove(widget, u"linkRemove"_s, tr("Remove the link"), [this, row] {
        m_value.removeAt(row);
        rebuild(int(m_value.size()));
        Q_EMIT edited(m_value, false);
    });
}

void LinksEditor::give(const QString& key, int row, const Json& value, bool typing)
{
    if (row >= m_value.size())
        return;
    Json link = m_value.at(row);
    link.set(key, value);
    m_value.setAt(row, link);
    Q_EMIT edited(m_value, typing);
}

} // namespace Promdeck
