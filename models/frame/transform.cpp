#include "models/frame/transform.h"

#include "models/frame/matchers.h"
#include "models/frame/transformutil.h"

#include <QHash>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

const QHash<QString, Transforms::Run>& registry()
{
    using namespace Transforms;
    static const QHash<QString, Run> table {
        {u"noop"_s, noop}, {u"append"_s, append}, {u"organize"_s, organize}, {u"order"_s, orderFields},
        {u"rename"_s, renameFields}, {u"filterFieldsByName"_s, filterFieldsByName}, {u"filterFields"_s, filterFields},
        {u"filterFrames"_s, filterFrames}, {u"filterByRefId"_s, filterByRefId}, {u"renameByRegex"_s, renameByRegex},
        {u"labelsToFields"_s, labelsToFields}, {u"concatenate"_s, concatenate},
        {u"convertFieldType"_s, convertFieldType}, {u"formatTime"_s, formatTime}, {u"formatString"_s, formatString},
        {u"extractFields"_s, extractFields}, {u"rowsToFields"_s, rowsToFields}, {u"configFromData"_s, configFromData},
        {u"merge"_s, merge}, {u"joinByField"_s, joinByField}, {u"joinByLabels"_s, joinByLabels}, {u"ensureColumns"_s, ensureColumns},
        {u"seriesToRows"_s, seriesToRows}, {u"prepareTimeSeries"_s, prepareTimeSeries},
        {u"timeSeriesTable"_s, timeSeriesTable}, {u"sortBy"_s, sortBy}, {u"limit"_s, limit},
        {u"filterByValue"_s, filterByValue}, {u"groupBy"_s, groupBy}, {u"groupToNestedTable"_s, groupToNestedTable},
        {u"partitionByValues"_s, partitionByValues}, {u"transpose"_s, transpose},
        {u"groupingToMatrix"_s, groupingToMatrix}, {u"calculateField"_s, calculateField}, {u"reduce"_s, reduce},
        {u"histogram"_s, histogram}, {u"heatmap"_s, heatmap}, {u"regression"_s, regression},
        // earlier names of the same
        {u"seriesToColumns"_s, joinByField}, {u"filterByName"_s, filterFieldsByName}, {u"calculate"_s, calculateField}};
    return table;
}

/// Steps that shape annotations leave the panel's data alone.
bool concernsSeries(const Json& step)
{
    const QString topic = step[u"topic"].toString();
    return topic.isEmpty() || topic == "series"_L1;
}

/// The steps count on columns of equal length; what arrives otherwise is padded with nulls.
void padRagged(Frames& frames)
{
    for (Frame& frame : frames) {
        qsizetype rows = 0;
        for (const Field& field : frame.fields)
            rows = std::max(rows, field.values.size());
        std::vector<qsizetype> all;
        for (Field& field : frame.fields) {
            if (field.values.size() == rows)
                continue;
            for (qsizetype row = qsizetype(all.size()); row < rows; ++row)
                all.push_back(row);
            field.values = Transforms::pickRows(field, all);
        }
    }
}

Result<Frames> runStep(const Frames& input, const Json& step, const TransformContext& context)
{
    const QString id = step[u"id"].toString();
    const Transforms::Run run = registry().value(id, nullptr);
    if (!run)
        return makeError(ErrorCode::Unsupported, u"The transformation \"%1\" is not supported"_s.arg(id));
    Frames frames = input;
    padRagged(frames);
    Transforms::refreshNames(frames);
    if (!step[u"filter"].isObject())
        return run(std::move(frames), step[u"options"], context);
    const FrameMatcher matches = frameMatcher(step[u"filter"]);
    Frames chosen;
    std::vector<std::pair<size_t, Frame>> others;
    for (size_t at = 0; at < frames.size(); ++at) {
        if (matches(frames[at], qsizetype(at)))
            chosen.push_back(std::move(frames[at]));
        else
            others.emplace_back(at, std::move(frames[at]));
    }
    Result<Frames> result = run(std::move(chosen), step[u"options"], context);
    if (!result)
        return result;
    Frames out = std::move(result).value();
    for (auto& [at, frame] : others)
        out.insert(out.begin() + std::ptrdiff_t(std::min(at, out.size())), std::move(frame));
    return out;
}

} // namespace

QStringList supportedTransformations()
{
    QStringList ids = registry().keys();
    ids.sort();
    return ids;
}

std::vector<TransformStep> traceTransformations(Frames input, const Json& transformations,
                                                const TransformContext& context)
{
    std::vector<TransformStep> steps;
    Frames current = std::move(input);
    for (const Json& item : transformations.items()) {
        TransformStep step;
        step.id = item[u"id"].toString();
        step.disabled = item[u"disabled"].toBool();
        if (!step.disabled && concernsSeries(item)) {
            Result<Frames> result = runStep(current, item, context);
            if (result) {
                current = std::move(result).value();
                for (Frame& frame : current) {
                    for (Field& field : frame.fields)
                        field.state.displayName.clear();
                }
            } else {
                step.error = result.error();
                step.error->target = QString::number(steps.size());
            }
        }
        step.output = current;
        steps.push_back(std::move(step));
    }
    return steps;
}

TransformResult runTransformations(Frames input, const Json& transformations, const TransformContext& context)
{
    TransformResult result;
    if (transformations.size() == 0) {
        result.frames = std::move(input);
        return result;
    }
    std::vector<TransformStep> steps = traceTransformations(std::move(input), transformations, context);
    for (const TransformStep& step : steps) {
        if (step.error)
            result.errors.push_back(*step.error);
    }
    result.frames = std::move(steps.back().output);
    return result;
}

} // namespace Promdeck
