#include "widgets/editor/transformationspecs.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

using Kind = OptionSpec::Kind;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Promdeck::Transformations)
public:
    static OptionSpec option(const QString& path, const QString& label, Kind kind, const Json& fallback = {})
    {
        OptionSpec spec;
        spec.path = path;
        spec.label = label;
        spec.kind = kind;
        spec.fallback = fallback;
        spec.max = kind == Kind::Integer ? 1'000'000 : 0;
        return spec;
    }
    static OptionSpec choice(const QString& path, const QString& label, const std::vector<std::pair<QString, QString>>& choices)
    {
        OptionSpec spec = option(path, label, Kind::Choice, Json(choices.front().first));
        for (const auto& [value, text] : choices)
            spec.choices.emplace_back(Json(value), text);
        return spec;
    }
    static std::vector<TransformationSpec> all();
};

std::vector<TransformationSpec> Text::all()
{
    const auto object = [](const char* text) { return *Json::parse(QByteArray(text)); };
    std::vector<TransformationSpec> specs {
        {u"organize"_s, tr("Organise fields"), tr("Rename, hide and order the columns"), {}, object("{\"excludeByName\":{},\"indexByName\":{},\"renameByName\":{}}")},
        {u"joinByField"_s, tr("Join by field"), tr("One table of several, row by row where a field is the same"),
         {option(u"byField"_s, tr("Field"), Kind::FieldName), choice(u"mode"_s, tr("Rows"), {{u"outer"_s, tr("All, for series")}, {u"outerTabular"_s, tr("All, for tables")}, {u"inner"_s, tr("Only those in all")}})}},
        {u"merge"_s, tr("Merge"), tr("One table of several; rows with the same keys become one")},
        {u"filterFieldsByName"_s, tr("Keep fields by name"), tr("Only the fields whose name fits"),
         {option(u"include.pattern"_s, tr("Expression"), Kind::Text)}},
        {u"renameByRegex"_s, tr("Rename by expression"), tr("Replaces parts of names"),
         {option(u"regex"_s, tr("Expression"), Kind::Text, Json(u"(.*)"_s)), option(u"renamePattern"_s, tr("Becomes"), Kind::Text, Json(u"$1"_s))},
         object("{\"regex\":\"(.*)\",\"renamePattern\":\"$1\"}")},
        {u"reduce"_s, tr("Reduce"), tr("One value of each field"),
         {choice(u"mode"_s, tr("Result"), {{u"seriesToRows"_s, tr("A row for each series")}, {u"reduceFields"_s, tr("One row, all fields")}}), option(u"reducers"_s, tr("Calculations"), Kind::Calcs, Json::strings({u"max"_s})), option(u"labelsToFields"_s, tr("Labels become columns"), Kind::Bool)},
         object("{\"reducers\":[\"max\"]}")},
        {u"calculateField"_s, tr("Add a calculated field"), tr("A field computed from others"),
         {choice(u"mode"_s, tr("Mode"), {{u"reduceRow"_s, tr("Reduce the row")}, {u"binary"_s, tr("Two fields")}, {u"unary"_s, tr("One field")}, {u"cumulativeFunctions"_s, tr("Running")}, {u"index"_s, tr("Row number")}}),
          option(u"reduce.reducer"_s, tr("Calculation"), Kind::Text, Json(u"sum"_s)),
          option(u"binary.left"_s, tr("Left field"), Kind::FieldName), choice(u"binary.operator"_s, tr("Operator"), {{u"+"_s, u"+"_s}, {u"-"_s, u"−"_s}, {u"*"_s, u"×"_s}, {u"/"_s, u"÷"_s}}), option(u"binary.right"_s, tr("Right field or number"), Kind::FieldName),
          option(u"alias"_s, tr("Name"), Kind::Text), option(u"replaceFields"_s, tr("Drop the other fields"), Kind::Bool)},
         object("{\"mode\":\"reduceRow\",\"reduce\":{\"reducer\":\"sum\"}}")},
        {u"groupBy"_s, tr("Group by"), tr("Rows with the same values become one"), {}, object("{\"fields\":{}}")},
        {u"groupToNestedTable"_s, tr("Group to nested table"), tr("Rows with the same values become a table inside"), {}, object("{\"fields\":{}}")},
        {u"groupingToMatrix"_s, tr("Grouping to matrix"), tr("Three fields become a table of two"),
         {option(u"columnField"_s, tr("Columns"), Kind::FieldName), option(u"rowField"_s, tr("Rows"), Kind::FieldName), option(u"valueField"_s, tr("Cells"), Kind::FieldName)}},
        {u"labelsToFields"_s, tr("Labels to fields"), tr("Labels become columns, or rows"),
         {choice(u"mode"_s, tr("Mode"), {{u"columns"_s, tr("Columns")}, {u"rows"_s, tr("Rows")}}), option(u"valueLabel"_s, tr("Name of the value from"), Kind::Text)}},
        {u"sortBy"_s, tr("Sort by"), tr("Rows in the order of a field"), {}, object("{\"sort\":[{\"field\":\"\",\"desc\":false}]}"),
         {u"sort"_s, {option(u"field"_s, tr("Field"), Kind::FieldName), option(u"desc"_s, tr("Descending"), Kind::Bool)}, object("{\"field\":\"\",\"desc\":false}")}},
        {u"limit"_s, tr("Limit"), tr("Only the first rows"), {option(u"limitField"_s, tr("Rows"), Kind::Integer, Json(10))}, object("{\"limitField\":10}")},
        {u"filterByValue"_s, tr("Filter rows by value"), tr("Rows whose values meet conditions"), {choice(u"type"_s, tr("Rows are"), {{u"include"_s, tr("Kept")}, {u"exclude"_s, tr("Left out")}}), choice(u"match"_s, tr("Conditions met"), {{u"any"_s, tr("Any")}, {u"all"_s, tr("All")}})},
         object("{\"type\":\"include\",\"match\":\"any\",\"filters\":[]}"),
         {u"filters"_s,
          {option(u"fieldName"_s, tr("Field"), Kind::FieldName),
           choice(u"config.id"_s, tr("Condition"), {{u"greater"_s, u">"_s}, {u"greaterOrEqual"_s, u"≥"_s}, {u"lower"_s, u"<"_s}, {u"lowerOrEqual"_s, u"≤"_s}, {u"equal"_s, u"="_s}, {u"notEqual"_s, u"≠"_s}, {u"regex"_s, tr("matches")}, {u"substring"_s, tr("contains")}, {u"isNull"_s, tr("is null")}, {u"isNotNull"_s, tr("is not null")}}),
           option(u"config.options.value"_s, tr("Value"), Kind::Text)},
          object("{\"fieldName\":\"\",\"config\":{\"id\":\"greater\",\"options\":{\"value\":0}}}")}},
        {u"filterByRefId"_s, tr("Keep results of queries"), tr("Only the frames of some queries"), {option(u"include"_s, tr("Queries"), Kind::Text)}},
        {u"convertFieldType"_s, tr("Convert field type"), tr("Texts to numbers, numbers to times"), {}, object("{\"conversions\":[]}"),
         {u"conversions"_s,
          {option(u"targetField"_s, tr("Field"), Kind::FieldName), choice(u"destinationType"_s, tr("Becomes"), {{u"number"_s, tr("Number")}, {u"string"_s, tr("Text")}, {u"time"_s, tr("Time")}, {u"boolean"_s, tr("Boolean")}}), option(u"dateFormat"_s, tr("Pattern of the time"), Kind::Text)},
          object("{\"targetField\":\"\",\"destinationType\":\"number\"}")}},
        {u"extractFields"_s, tr("Extract fields"), tr("Parts of a text become fields"),
         {option(u"source"_s, tr("From"), Kind::FieldName), choice(u"format"_s, tr("Format"), {{u"auto"_s, tr("Automatic")}, {u"json"_s, u"JSON"_s}, {u"kvp"_s, tr("Names and values")}, {u"delimiter"_s, tr("Delimiter")}}), option(u"replace"_s, tr("Drop the other fields"), Kind::Bool), option(u"keepTime"_s, tr("Keep the time"), Kind::Bool)}},
        {u"rowsToFields"_s, tr("Rows to fields"), tr("Each row becomes a field"), {}, object("{\"mappings\":[]}"),
         {u"mappings"_s,
          {option(u"fieldName"_s, tr("Field"), Kind::FieldName), choice(u"handlerKey"_s, tr("Use as"), {{u"__ignore"_s, tr("Nothing")}, {u"field.name"_s, tr("Field name")}, {u"field.value"_s, tr("Field value")}, {u"field.label"_s, tr("Label")}, {u"unit"_s, tr("Unit")}, {u"min"_s, tr("Minimum")}, {u"max"_s, tr("Maximum")}, {u"decimals"_s, tr("Decimals")}, {u"displayName"_s, tr("Display name")}, {u"color"_s, tr("Colour")}, {u"threshold1"_s, tr("Threshold")}})},
          object("{\"fieldName\":\"\",\"handlerKey\":\"field.name\"}")}},
        {u"configFromData"_s, tr("Options from data"), tr("Minimum, maximum, unit or thresholds from another query"), {option(u"configRefId"_s, tr("Query"), Kind::Text)}, object("{\"mappings\":[]}"),
         {u"mappings"_s,
          {option(u"fieldName"_s, tr("Field"), Kind::FieldName), choice(u"handlerKey"_s, tr("Use as"), {{u"__ignore"_s, tr("Nothing")}, {u"field.name"_s, tr("Field name")}, {u"field.value"_s, tr("Field value")}, {u"field.label"_s, tr("Label")}, {u"unit"_s, tr("Unit")}, {u"min"_s, tr("Minimum")}, {u"max"_s, tr("Maximum")}, {u"decimals"_s, tr("Decimals")}, {u"displayName"_s, tr("Display name")}, {u"color"_s, tr("Colour")}, {u"threshold1"_s, tr("Threshold")}})},
          object("{\"fieldName\":\"\",\"handlerKey\":\"field.name\"}")}},
        {u"prepareTimeSeries"_s, tr("Prepare time series"), tr("One shape of series into another"), {choice(u"format"_s, tr("Format"), {{u"wide"_s, tr("Wide")}, {u"multi"_s, tr("Several frames")}, {u"long"_s, tr("Long")}})}},
        {u"timeSeriesTable"_s, tr("Time series to table"), tr("A row with a sparkline for each series")},
        {u"concatenate"_s, tr("Concatenate fields"), tr("All fields side by side"), {choice(u"frameNameMode"_s, tr("Names"), {{u"field"_s, tr("With the frame's in front")}, {u"label"_s, tr("With a label")}, {u"drop"_s, tr("As they are")}})}},
        {u"histogram"_s, tr("Histogram"), tr("How often values occur"), {option(u"bucketSize"_s, tr("Bucket size"), Kind::Number), option(u"bucketOffset"_s, tr("Offset"), Kind::Number), option(u"combine"_s, tr("Combine series"), Kind::Bool)}},
        {u"heatmap"_s, tr("Heatmap"), tr("Counts samples in buckets of time and value")},
        {u"joinByLabels"_s, tr("Join by labels"), tr("Series with the same labels become a row"), {option(u"value"_s, tr("Columns from label"), Kind::Text)}},
        {u"seriesToRows"_s, tr("Series to rows"), tr("All series in one table of time, name and value")},
        {u"partitionByValues"_s, tr("Partition by values"), tr("A frame for each value of a field"), {}, object("{\"fields\":[]}")},
        {u"formatTime"_s, tr("Format time"), tr("Times as texts"), {option(u"timeField"_s, tr("Field"), Kind::FieldName), option(u"outputFormat"_s, tr("Pattern"), Kind::Text, Json(u"YYYY-MM-DD HH:mm"_s)), option(u"timezone"_s, tr("Time zone"), Kind::Text)}},
        {u"formatString"_s, tr("Format text"), tr("Case, trimming, parts of texts"), {option(u"stringField"_s, tr("Field"), Kind::FieldName), choice(u"outputFormat"_s, tr("Format"), {{u"Upper Case"_s, tr("Upper case")}, {u"Lower Case"_s, tr("Lower case")}, {u"Sentence Case"_s, tr("Sentence case")}, {u"Title Case"_s, tr("Title case")}, {u"Trim"_s, tr("Trim")}})}},
        {u"transpose"_s, tr("Transpose"), tr("Rows become columns"), {option(u"firstFieldName"_s, tr("Name of the first field"), Kind::Text), option(u"restFieldsName"_s, tr("Name of the others"), Kind::Text)}},
        {u"regression"_s, tr("Regression"), tr("A curve through the points"), {choice(u"modelType"_s, tr("Model"), {{u"linear"_s, tr("Linear")}, {u"polynomial"_s, tr("Polynomial")}}), option(u"degree"_s, tr("Degree"), Kind::Integer, Json(2)), option(u"xFieldName"_s, u"X"_s, Kind::FieldName), option(u"yFieldName"_s, u"Y"_s, Kind::FieldName)}},
    };
    std::stable_sort(specs.begin() + 1, specs.end(), [](const TransformationSpec& a, const TransformationSpec& b) { return a.name.localeAwareCompare(b.name) < 0; });
    return specs;
}

} // namespace

const std::vector<TransformationSpec>& transformationSpecs()
{
    static const std::vector<TransformationSpec> specs = Text::all();
    return specs;
}

const TransformationSpec* findTransformation(const QString& id)
{
    for (const TransformationSpec& spec : transformationSpecs()) {
        if (spec.id == id)
            return &spec;
    }
    return nullptr;
}

} // namespace Promdeck
