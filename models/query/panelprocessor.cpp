#include "models/query/panelprocessor.h"

#include "models/frame/overrides.h"
#include "models/frame/transform.h"
#include "models/query/comparison.h"
#include "models/query/fanout.h"

#include <QElapsedTimer>
#include <QRegularExpression>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

QString fieldName(const Frame& frame, const Field& field)
{
    if (!field.state.displayName.isEmpty())
        return field.state.displayName;
    if (field.config.displayNameFromDS)
        return *field.config.displayNameFromDS;
    return field.name.isEmpty() ? frame.name : field.name;
}

QString fieldMember(const QString& member, const Frame& frame, const Field& field)
{
    if (member == u"name" || member == u"displayName")
        return fieldName(frame, field);
    if (member.startsWith(u"labels.") || member.startsWith(u"labels[")) {
        QString label = member.mid(7);
        label.remove(u'"').remove(u'\'').remove(u']');
        return field.labels.value(label);
    }
    if (member == u"labels") {
        QStringList pairs;
        for (const auto& [name, value] : field.labels)
            pairs.append(name + u"=\""_s + value + u'"');
        return pairs.join(u", "_s);
    }
    return {};
}

} // namespace

QString interpolateField(const QString& text, const Frame& frame, const Field& field, const VariableScope& scope)
{
    if (!text.contains(u'$'))
        return text.contains(u"[[") ? interpolate(text, scope) : text;
    static const QRegularExpression pattern(u"\\$\\{__(field|series)\\.([^}:]+)(:[^}]*)?\\}"_s);
    QString expanded;
    qsizetype at = 0;
    for (auto it = pattern.globalMatch(text); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        expanded += QStringView(text).mid(at, match.capturedStart() - at);
        const QString member = match.captured(2);
        expanded += match.captured(1) == u"series" ? (member == u"name" ? fieldName(frame, field) : QString())
                                                   : fieldMember(member, frame, field);
        at = match.capturedEnd();
    }
    expanded += QStringView(text).mid(at);
    return interpolate(expanded, scope);
}

SentQuery sentQuery(const PlannedQuery& query, const QueryOutcome& outcome)
{
    SentQuery sent;
    sent.refId = query.refId;
    sent.datasource = query.datasource;
    sent.expr = query.expr;
    if (query.kind == PlannedQuery::Kind::PromQl)
        sent.apiPath = query.instant ? u"api/v1/query"_s : u"api/v1/query_range"_s;
    sent.instant = query.instant;
    sent.startMs = query.startMs;
    sent.endMs = query.endMs;
    sent.stepMs = query.stepMs;
    sent.seconds = outcome.seconds;
    if (outcome.result) {
        sent.series = qsizetype(outcome.result->series.size());
        sent.samples = outcome.result->sampleCount();
        sent.warnings = outcome.result->warnings;
        sent.infos = outcome.result->infos;
    } else if (outcome.frames) {
        sent.series = qsizetype(outcome.frames->size());
        for (const Frame& frame : *outcome.frames)
            sent.samples += frame.length();
    }
    sent.error = outcome.error;
    sent.bytes = outcome.bytes;
    sent.fromCache = outcome.fromCache;
    sent.tailOnly = outcome.tailOnly;
    return sent;
}

PanelDataPtr processPanel(const ProcessRequest& request)
{
    QElapsedTimer spent;
    spent.start();
    auto data = std::make_shared<PanelData>();
    data->scope = request.scope;
    data->generation = request.generation;
    data->range = request.plan.range;
    data->intervalMs = request.plan.intervalMs;
    data->queries = request.sent;
    data->error = request.error;
    data->exemplars = request.exemplars;
    data->warnings = request.notes;
    for (const AnsweredQuery& answer : request.answers) {
        if (!answer.result)
            continue;
        for (const QString& warning : answer.result->warnings) {
            if (!data->warnings.contains(warning))
                data->warnings.append(warning);
        }
        for (const QString& info : answer.result->infos) {
            if (!data->infos.contains(info))
                data->infos.append(info);
        }
        if (answer.result->partial && answer.result->warnings.isEmpty())
            data->warnings.append(u"The server marked this answer as incomplete"_s);
    }

    const auto scope = request.scope;
    TransformContext transforms;
    transforms.timeZone = request.timeZone;
    transforms.interpolate = [scope](const QString& text) { return interpolate(text, scope->panel); };
    Frames frames = buildFrames(request.answers);
    Frames earlier = buildFrames(request.earlier);
    const auto run = [&](const Json& steps) {
        if (steps.size() == 0)
            return;
        if (data->source.empty())
            data->source = frames;
        TransformResult result = runTransformations(std::move(frames), steps, transforms);
        frames = std::move(result.frames);
        data->transformErrors.insert(data->transformErrors.end(), result.errors.begin(), result.errors.end());
    };
    if (request.source && request.plan.withSourceTransformations)
        run(request.source->transformations);
    run(request.panel->transformations);
    if (!earlier.empty() && request.panel->transformations.size() > 0)
        earlier = runTransformations(std::move(earlier), request.panel->transformations, transforms).frames;

    // Each stack's answers are a world of their own until they have names.
    struct Other
    {
        QString stack;
        Frames frames;
    };
    std::vector<Other> others;
    for (const ProcessRequest::FanAnswer& fan : request.fan) {
        if (fan.error)
            data->failedStacks.push_back({fan.stack, *fan.error});
        Frames answered = buildFrames(fan.answers);
        if (request.panel->transformations.size() > 0)
            answered = runTransformations(std::move(answered), request.panel->transformations, transforms).frames;
        if (!answered.empty())
            others.push_back({fan.stack, std::move(answered)});
    }
    const std::size_t ownFrames = frames.size();
    if (request.fanByColor) {
        for (const Other& other : others)
            frames.insert(frames.end(), other.frames.begin(), other.frames.end());
    }

    OverrideContext overrides;
    overrides.theme = request.theme;
    overrides.timeZone = request.timeZone;
    overrides.defaultColorMode = defaultColorMode(request.panel->type);
    overrides.interpolate = [scope](const QString& text, const Frame& frame, const Field& field) {
        return interpolateField(text, frame, field, scope->panel);
    };
    data->unsupported = applyFieldConfig(frames, request.panel->fieldConfig, overrides);
    if (!earlier.empty()) {
        // On their own: names and colours come out as those of now.
        applyFieldConfig(earlier, request.panel->fieldConfig, overrides);
        addEarlierFrames(frames, std::move(earlier), request.plan.earlierMs);
    }
    if (!request.fan.empty()) {
        Frames own(frames.begin(), frames.begin() + qsizetype(ownFrames));
        const Frames earlierToo(frames.begin() + qsizetype(ownFrames), frames.end());
        markStack(own, request.ownStack, 0);
        std::size_t at = 0;
        int number = 0;
        for (Other& other : others) {
            ++number;
            if (request.fanByColor) {
                const auto first = earlierToo.begin() + qsizetype(at);
                at += other.frames.size();
                other.frames = Frames(first, first + qsizetype(other.frames.size()));
            } else {
                applyFieldConfig(other.frames, request.panel->fieldConfig, overrides); // the same colours again
            }
            markStack(other.frames, other.stack, request.fanByColor ? 0 : number);
            own.insert(own.end(), other.frames.begin(), other.frames.end());
        }
        own.insert(own.end(), earlierToo.begin() + qsizetype(at), earlierToo.end());
        frames = std::move(own);
    }
    data->frames = std::move(frames);
    data->processSeconds = double(spent.nsecsElapsed()) / 1e9;
    data->state = data->error && data->frames.empty() ? PanelData::State::Failed : PanelData::State::Done;
    return data;
}

} // namespace Promdeck
