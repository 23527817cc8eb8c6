#include "widgets/editor/transformationforms.h"

#include "models/dashboard/paneledit.h"
#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/editor/editorparts.h"

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

QHBoxLayout* lineOf(QWidget* row)
{
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    return line;
}

void dropRows(QList<QWidget*>& rows)
{
    for (QWidget* row : std::as_const(rows)) {
        row->hide();
        row->deleteLater(); // its own button may have led here
    }
    rows.clear();
}

} // namespace

// --- organize ---------------------------------------------------------------------------------------------

OrganizeEditor::OrganizeEditor(QWidget* parent) : OptionEditor(parent), m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(3);
}

QStringList OrganizeEditor::ordered() const
{
    QStringList names = m_fields;
    const Json& order = m_value[u"indexByName"];
    std::stable_sort(names.begin(), names.end(), [&](const QString& a, const QString& b) {
        return order[a].toInt(1'000'000) < order[b].toInt(1'000'000);
    });
    return names;
}

void OrganizeEditor::setValue(const Json& value)
{
    if (value == m_value)
        return;
    m_value = value;
    rebuild();
}

void OrganizeEditor::setContext(const OptionContext& context)
{
    if (context.fieldNames == m_fields)
        return;
    m_fields = context.fieldNames;
    rebuild();
}

void OrganizeEditor::rebuild()
{
    const QStringList names = ordered();
    // While a new name is typed, its field stays.
    if (names == m_shown) {
        for (int row = 0; row < m_rows.size(); ++row) {
            const QString text = m_value[u"renameByName"][names.at(row)].toString();
            auto* rename = m_rows.at(row)->findChild<QLineEdit*>();
            if (rename->text() != text)
                rename->setText(text);
            m_rows.at(row)->findChild<QCheckBox*>()->setChecked(!m_value[u"excludeByName"][names.at(row)].toBool());
        }
        return;
    }
    m_shown = names;
    for (QWidget* row : std::as_const(m_rows)) {
        row->hide();
        row->deleteLater();
    }
    m_rows.clear();
    for (int row = 0; row < names.size(); ++row) {
        const QString name = names.at(row);
        auto* widget = new QWidget(this);
        auto* line = new QHBoxLayout(widget);
        line->setContentsMargins(0, 0, 0, 0);
        auto* shown = new QCheckBox(name, widget);
        shown->setObjectName(u"organizeShow:"_s + name);
        shown->setChecked(!m_value[u"excludeByName"][name].toBool());
        connect(shown, &QCheckBox::clicked, this, [this, name](bool on) {
            Json options = m_value;
            Json excluded = options[u"excludeByName"];
            if (on)
                excluded.remove(name);
            else
                excluded.set(name, Json(true));
            options.set(u"excludeByName"_s, excluded.isObject() ? excluded : Json::object());
            Q_EMIT edited(options, false);
        });
        auto* rename = new QLineEdit(m_value[u"renameByName"][name].toString(), widget);
        rename->setObjectName(u"organizeRename:"_s + name);
        rename->setPlaceholderText(tr("Rename"));
        rename->setAccessibleName(tr("New name of %1").arg(name));
        connect(rename, &QLineEdit::textEdited, this, [this, name](const QString& text) {
            Json options = m_value;
            Json renamed = options[u"renameByName"];
            if (text.isEmpty())
                renamed.remove(name);
            else
                renamed.set(name, Json(text));
            options.set(u"renameByName"_s, renamed.isObject() ? renamed : Json::object());
            m_value = options;
            Q_EMIT edited(options, true);
        });
        QToolButton* up = rowButton(widget, u"organizeUp:"_s + name, u"chevron-up"_s, tr("Move %1 up").arg(name));
        up->setEnabled(row > 0);
        connect(up, &QToolButton::clicked, this, [this, row] { move(row, -1); });
        QToolButton* down = rowButton(widget, u"organizeDown:"_s + name, u"chevron-down"_s, tr("Move %1 down").arg(name));
        down->setEnabled(row + 1 < names.size());
        connect(down, &QToolButton::clicked, this, [this, row] { move(row, 1); });
        line->addWidget(shown, 1);
        line->addWidget(rename, 1);
        line->addWidget(up);
        line->addWidget(down);
        m_layout->addWidget(widget);
        m_rows << widget;
    }
}

void OrganizeEditor::move(int row, int by)
{
    QStringList names = ordered();
    names.move(row, row + by);
    Json order = Json::object();
    for (int index = 0; index < names.size(); ++index)
        order.set(names.at(index), Json(index));
    Json options = m_value;
    options.set(u"indexByName"_s, order);
    Q_EMIT edited(options, false);
}

// --- group by ---------------------------------------------------------------------------------------------

GroupByEditor::GroupByEditor(QWidget* parent) : OptionEditor(parent), m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(3);
}

void GroupByEditor::setContext(const OptionContext& context)
{
    if (context.fieldNames == m_fields)
        return;
    m_fields = context.fieldNames;
    rebuild();
}

void GroupByEditor::setValue(const Json& value)
{
    m_value = value;
    show();
}

void GroupByEditor::setMember(const QString& field, const QString& key, const Json& value)
{
    Json options = m_value.isObject() ? m_value : Json::object();
    Json fields = options[u"fields"].isObject() ? options[u"fields"] : Json::object();
    Json one = fields[field].isObject() ? fields[field] : Json::object({{u"aggregations"_s, Json::array()}, {u"operation"_s, Json()}});
    one.set(key, value);
    fields.set(field, one);
    options.set(u"fields"_s, fields);
    Q_EMIT edited(options, false);
}

void GroupByEditor::rebuild()
{
    dropRows(m_rows);
    for (const QString& field : std::as_const(m_fields)) {
        auto* row = new QWidget(this);
        QHBoxLayout* line = lineOf(row);
        auto* name = new QLabel(field, row);
        name->setTextFormat(Qt::PlainText);
        auto* operation = new QComboBox(row);
        operation->setObjectName(u"groupOperation:"_s + field);
        operation->setAccessibleName(tr("What becomes of %1").arg(field));
        operation->addItems({tr("Ignored"), tr("Group by"), tr("Calculate")});
        connect(operation, &QComboBox::activated, this, [this, field](int index) {
            setMember(field, u"operation"_s, index == 1 ? Json(u"groupby"_s) : index == 2 ? Json(u"aggregate"_s) : Json());
        });
        OptionSpec calcs;
        calcs.path = u"aggregations"_s;
        calcs.label = tr("Calculations of %1").arg(field);
        calcs.kind = OptionSpec::Kind::Calcs;
        OptionEditor* editor = makeOptionEditor(calcs, row);
        editor->setObjectName(u"groupCalcs:"_s + field);
        connect(editor, &OptionEditor::edited, this, [this, field](const Json& value, bool) { setMember(field, u"aggregations"_s, value); });
        line->addWidget(name, 1);
        line->addWidget(operation, 1);
        line->addWidget(editor, 1);
        m_layout->addWidget(row);
        m_rows << row;
    }
    show();
}

void GroupByEditor::show()
{
    for (int index = 0; index < m_rows.size(); ++index) {
        const QString& field = m_fields.at(index);
        const Json& one = m_value[u"fields"][field];
        const QString operation = one[u"operation"].toString();
        m_rows.at(index)->findChild<QComboBox*>()->setCurrentIndex(operation == u"groupby" ? 1 : operation == u"aggregate" ? 2 : 0);
        auto* calcs = m_rows.at(index)->findChild<OptionEditor*>();
        calcs->setValue(one[u"aggregations"]);
        calcs->setVisible(operation == u"aggregate");
    }
}

// --- rows -------------------------------------------------------------------------------------------------

RowsEditor::RowsEditor(const TransformationRows& rows, QWidget* parent)
    : OptionEditor(parent), m_spec(rows), m_rowLayout(new QVBoxLayout)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    m_rowLayout->setSpacing(4);
    layout->addLayout(m_rowLayout);
    auto* add = new QPushButton(themeIcon(u"plus"_s), tr("Add row"), this);
    add->setObjectName(u"rowAdd"_s);
    connect(add, &QPushButton::clicked, this, [this] {
        Json list = m_value.path(m_spec.path);
        if (!list.isArray())
            list = Json::array();
        list.append(m_spec.first);
        give(list, false);
    });
    auto* line = new QHBoxLayout;
    line->addWidget(add);
    line->addStretch(1);
    layout->addLayout(line);
}

void RowsEditor::give(const Json& list, bool typing)
{
    Json options = m_value.isObject() ? m_value : Json::object();
    options.setPath(m_spec.path, list);
    Q_EMIT edited(options, typing);
}

void RowsEditor::setContext(const OptionContext& context)
{
    m_context = context;
    for (const auto& cells : m_cells) {
        for (OptionEditor* cell : cells)
            cell->setContext(context);
    }
}

void RowsEditor::setValue(const Json& value)
{
    m_value = value;
    const Json list = value.path(m_spec.path);
    if (list.size() != qsizetype(m_cells.size()))
        rebuild();
    for (size_t row = 0; row < m_cells.size(); ++row) {
        for (size_t column = 0; column < m_spec.columns.size(); ++column)
            m_cells[row][column]->setValue(list.at(qsizetype(row)).path(m_spec.columns[column].path));
    }
}

void RowsEditor::rebuild()
{
    dropRows(m_rows);
    m_cells.clear();
    for (qsizetype row = 0; row < m_value.path(m_spec.path).size(); ++row) {
        auto* widget = new QWidget(this);
        QHBoxLayout* line = lineOf(widget);
        std::vector<OptionEditor*> cells;
        for (const OptionSpec& column : m_spec.columns) {
            OptionEditor* cell = makeOptionEditor(column, widget);
            cell->setObjectName(u"cell:%1:%2"_s.arg(QString::number(row), column.path));
            cell->setToolTip(plainTip(column.label));
            cell->setContext(m_context);
            connect(cell, &OptionEditor::edited, this, [this, row, path = column.path](const Json& value, bool typing) {
                Json list = m_value.path(m_spec.path);
                if (row >= list.size())
                    return;
                // A typed number is one: "10" is no text to compare with.
                bool number = false;
                const double typed = value.toString().toDouble(&number);
                list.setAt(row, withOption(list.at(row), path, value.isString() && number ? Json(typed) : value));
                give(list, typing);
            });
            if (column.kind == OptionSpec::Kind::Bool)
                line->addWidget(new QLabel(column.label, widget));
            line->addWidget(cell, column.kind == OptionSpec::Kind::Bool ? 0 : 1);
            cells.push_back(cell);
        }
        QToolButton* remove = rowButton(widget, u"rowRemove"_s, u"trash"_s, tr("Remove the row"));
        connect(remove, &QToolButton::clicked, this, [this, row] {
            Json list = m_value.path(m_spec.path);
            list.removeAt(row);
            give(list, false);
        });
        line->addWidget(remove);
        m_rowLayout->addWidget(widget);
        m_rows << widget;
        m_cells.push_back(std::move(cells));
    }
}

} // namespace Promdeck
