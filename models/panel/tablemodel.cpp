#include "models/frame/reducers.h"
#include "models/panel/panelmodels.h"

#include <numeric>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

/// Older files write the display mode as one word; the reader migrates it, overrides may still carry it.
void readCellType(TableColumn& column, const Json& custom)
{
    const Json& cell = custom[u"cellOptions"];
    column.cellType = cell[u"type"].toString();
    column.cellMode = cell[u"mode"].toString();
    column.wrap = cell[u"wrapText"].toBool();
    if (!column.cellType.isEmpty())
        return;
    const QString mode = custom[u"displayMode"].toString();
    if (mode == u"color-background-solid") {
        column.cellType = u"color-background"_s;
        column.cellMode = u"basic"_s;
    } else if (mode == u"color-background") {
        column.cellType = u"color-background"_s;
        column.cellMode = u"gradient"_s;
    } else if (mode == u"lcd-gauge" || mode == u"gradient-gauge" || mode == u"basic") {
        column.cellType = u"gauge"_s;
        column.cellMode = mode == u"lcd-gauge" ? u"lcd"_s : mode == u"basic" ? u"basic"_s : u"gradient"_s;
    } else {
        column.cellType = mode.isEmpty() ? u"auto"_s : mode;
    }
}

TableColumn readColumn(const Field& field, int frameIndex, int fieldIndex)
{
    const Json& custom = field.config.custom;
    TableColumn column;
    column.name = field.state.displayName.isEmpty() ? field.name : field.state.displayName;
    column.type = field.type;
    column.align = custom[u"align"].toString();
    if (column.align.isEmpty())
        column.align = u"auto"_s;
    column.width = custom[u"width"].toDouble(0);
    column.minWidth = custom[u"minWidth"].toDouble(0);
    readCellType(column, custom);
    column.hidden = custom[u"hidden"].toBool() || custom.path(u"hideFrom.viz").toBool();
    column.filterable = custom[u"filterable"].toBool() || field.config.filterable;
    column.links = field.config.links;
    column.frameIndex = frameIndex;
    column.fieldIndex = fieldIndex;
    return column;
}

int compareNumbers(double left, double right)
{
    // Missing values sort below every number.
    if (std::isnan(left) || std::isnan(right))
        return int(std::isnan(right)) - int(std::isnan(left));
    return left < right ? -1 : left > right ? 1 : 0;
}

int compareCells(const Column& values, qsizetype a, qsizetype b)
{
    if (values.isNumbers())
        return compareNumbers(values.numbers()[size_t(a)], values.numbers()[size_t(b)]);
    if (values.isTimes()) {
        const qint64 left = values.times()[size_t(a)];
        const qint64 right = values.times()[size_t(b)];
        return left < right ? -1 : left > right ? 1 : 0;
    }
    if (values.isStrings())
        return QString::localeAwareCompare(values.strings()[size_t(a)], values.strings()[size_t(b)]);
    const Json& left = values.mixed()[size_t(a)];
    const Json& right = values.mixed()[size_t(b)];
    if (left.isNumber() && right.isNumber())
        return compareNumbers(left.toDouble(), right.toDouble());
    return QString::localeAwareCompare(left.scalarText(), right.scalarText());
}

void sortRows(TableModelData& model, const Json& sortBy)
{
    for (const Json& rule : sortBy.items()) {
        const QString name = rule[u"displayName"].toString();
        for (size_t column = 0; column < model.columns.size(); ++column) {
            if (model.columns[column].name == name) {
                model.sortBy.emplace_back(int(column), rule[u"desc"].toBool());
                break;
            }
        }
    }
    if (model.sortBy.empty())
        return;
    std::stable_sort(model.order.begin(), model.order.end(), [&model](qsizetype a, qsizetype b) {
        for (const auto& [column, descending] : model.sortBy) {
            const int order = compareCells(model.fields[size_t(column)].values, a, b);
            if (order != 0)
                return descending ? order > 0 : order < 0;
        }
        return false;
    });
}

bool inFooter(const Json& footer, const Field& field)
{
    const Json& fields = footer[u"fields"];
    if (fields.size() == 0)
        return true;
    return std::any_of(fields.items().begin(), fields.items().end(), [&field](const Json& name) {
        return name.toString() == field.name || name.toString() == field.state.displayName;
    });
}

std::vector<QString> footerTexts(const TableModelData& model, const Json& footer)
{
    std::vector<QString> texts(model.columns.size());
    if (!footer[u"show"].toBool())
        return texts;
    const QString reducer = canonicalReducer(footer[u"reducer"].at(0).toString(u"sum"_s));
    if (footer[u"countRows"].toBool() && reducer == u"count") {
        if (!texts.empty())
            texts.front() = u"Count %1"_s.arg(model.rows);
        return texts;
    }
    bool first = true;
    for (size_t i = 0; i < model.columns.size(); ++i) {
        const Field& field = model.fields[i];
        if (model.columns[i].hidden)
            continue;
        if (first && field.type != FieldType::Number)
            texts[i] = reducerLabel(reducer);
        first = false;
        if (field.type != FieldType::Number || !inFooter(footer, field))
            continue;
        texts[i] = (*model.processors[i])(reduceNumber(field.values, reducer)).toString();
    }
    return texts;
}

QString frameTitle(const Frame& frame)
{
    if (!frame.name.isEmpty())
        return frame.name;
    for (const Field& field : frame.fields) {
        if (field.type != FieldType::Time)
            return field.state.displayName.isEmpty() ? field.name : field.state.displayName;
    }
    return frame.refId;
}

} // namespace

DisplayValue TableModelData::cell(qsizetype row, int column) const
{
    if (row < 0 || row >= rows || column < 0 || size_t(column) >= processors.size())
        return {};
    return processors[size_t(column)]->at(order[size_t(row)]);
}

TableModelData tableModel(const PanelSpec& panel, const PanelData& data, const PanelContext& context, int frameIndex)
{
    TableModelData model;
    model.showHeader = panel.options[u"showHeader"].toBool(true);
    model.cellHeight = panel.options[u"cellHeight"].toString(u"sm"_s);
    for (const Frame& frame : data.frames)
        model.frameNames.append(frameTitle(frame));
    if (frameIndex < 0 || size_t(frameIndex) >= data.frames.size())
        return model;

    const Frame& frame = data.frames[size_t(frameIndex)];
    model.rows = frame.length();
    for (size_t i = 0; i < frame.fields.size(); ++i) {
        const Field& field = frame.fields[i];
        TableColumn column = readColumn(field, frameIndex, int(i));
        if (column.hidden)
            continue;
        model.columns.push_back(std::move(column));
        model.processors.push_back(std::make_shared<const DisplayProcessor>(field, context.theme, context.timeZone));
        model.fields.push_back(field);
    }
    model.order.resize(size_t(model.rows));
    std::iota(model.order.begin(), model.order.end(), qsizetype(0));
    sortRows(model, panel.options[u"sortBy"]);
    model.footer = footerTexts(model, panel.options[u"footer"]);
    return model;
}

} // namespace Promdeck
