#include "models/core/json.h"
#include "provisioning/deploy/plan.h"

#include <QFile>

namespace Promdeck::Deploy {

using namespace Qt::StringLiterals;
using Config::Severity;

namespace {

QString actionName(FileChange::Action action)
{
    using Action = FileChange::Action;
    switch (action) {
    case Action::Create: return u"create"_s;
    case Action::Change: return u"change"_s;
    case Action::Remove: return u"remove"_s;
    case Action::Attributes: break;
    }
    return u"attributes"_s;
}

QString severityName(Severity severity)
{
    return severity == Severity::Error ? u"error"_s : severity == Severity::Warning ? u"warning"_s : u"info"_s;
}

QString kindWord(SemanticChange::Kind kind)
{
    return kind == SemanticChange::Kind::Added ? u"added"_s : kind == SemanticChange::Kind::Removed ? u"removed"_s : u"changed"_s;
}

Json changeToJson(const FileChange& change)
{
    Json::Array semantic;
    for (const SemanticChange& one : change.semantic)
        semantic.push_back(Json::object({{u"change"_s, kindWord(one.kind)}, {u"what"_s, one.what}, {u"name"_s, one.name}, {u"keys"_s, Json::strings(one.keys)}}));
    return Json::object({{u"path"_s, QFile::decodeName(change.path)},
                         {u"source"_s, change.source},
                         {u"action"_s, actionName(change.action)},
                         {u"kind"_s, Config::kindName(change.kind)},
                         {u"before"_s, QString::fromLatin1(change.oldHash)},
                         {u"after"_s, QString::fromLatin1(change.newHash)},
                         {u"editedOnHost"_s, change.edited},
                         {u"diff"_s, QString::fromUtf8(change.diff)},
                         {u"semantic"_s, Json::array(std::move(semantic))}});
}

Json blastToJson(const BlastRadius& blast)
{
    Json::Array alerts;
    for (const BlastRadius::Alert& alert : blast.wouldFire)
        alerts.push_back(Json::object({{u"alert"_s, alert.name}, {u"series"_s, alert.series}}));
    return Json::object({{u"known"_s, blast.known},
                         {u"jobsAdded"_s, Json::strings(blast.jobsAdded)},
                         {u"jobsRemoved"_s, Json::strings(blast.jobsRemoved)},
                         {u"jobsChanged"_s, Json::strings(blast.jobsChanged)},
                         {u"targetsAdded"_s, Json::strings(blast.targetsAdded)},
                         {u"targetsLost"_s, Json::strings(blast.targetsLost)},
                         {u"targetsLostUp"_s, blast.targetsLostUp},
                         {u"rulesAdded"_s, blast.rulesAdded},
                         {u"rulesRemoved"_s, blast.rulesRemoved},
                         {u"rulesChanged"_s, blast.rulesChanged},
                         {u"alertsThatWouldFire"_s, Json::array(std::move(alerts))}});
}

QString blastText(const BlastRadius& blast)
{
    QStringList parts;
    const auto add = [&](QChar sign, qsizetype count, const QString& what) {
        if (count > 0)
            parts << sign + QString::number(count) + u' ' + what + (count == 1 ? QString() : u"s"_s);
    };
    add(u'+', blast.jobsAdded.size(), u"job"_s);
    add(u'-', blast.jobsRemoved.size(), u"job"_s);
    add(u'~', blast.jobsChanged.size(), u"job"_s);
    add(u'+', blast.targetsAdded.size(), u"target"_s);
    add(u'-', blast.targetsLost.size(), u"target"_s);
    add(u'+', blast.rulesAdded, u"rule"_s);
    add(u'-', blast.rulesRemoved, u"rule"_s);
    add(u'~', blast.rulesChanged, u"rule"_s);
    QString out = parts.isEmpty() ? QString() : u"  effect: "_s + parts.join(u", "_s) + u'\n';
    if (blast.targetsLostUp > 0)
        out += u"  %1 of the targets that go are up now\n"_s.arg(blast.targetsLostUp);
    for (const BlastRadius::Alert& alert : blast.wouldFire)
        out += u"  would be active now: %1 (%2 series)\n"_s.arg(alert.name).arg(alert.series);
    return out;
}

} // namespace

Json planToJson(const DeployPlan& plan)
{
    Json::Array units;
    for (const UnitPlan& unit : plan.units) {
        Json::Array changes;
        for (const FileChange& change : unit.changes)
            changes.push_back(changeToJson(change));
        Json::Array findings;
        for (const PlanFinding& one : unit.findings)
            findings.push_back(Json::object({{u"severity"_s, severityName(one.severity)}, {u"code"_s, one.code}, {u"message"_s, one.message}, {u"hint"_s, one.hint}, {u"file"_s, one.file}, {u"line"_s, one.line}, {u"column"_s, one.column}}));
        Json json = Json::object({{u"host"_s, unit.host},
                                  {u"unit"_s, unit.unit},
                                  {u"release"_s, unit.snapshot.release},
                                  {u"refused"_s, unit.refused()},
                                  {u"validatedBy"_s, unit.validatedBy},
                                  {u"changes"_s, Json::array(std::move(changes))},
                                  {u"findings"_s, Json::array(std::move(findings))},
                                  {u"effect"_s, blastToJson(unit.blast)}});
        if (unit.unreachable)
            json.set(u"error"_s, Json::object({{u"code"_s, errorCodeName(unit.unreachable->code)}, {u"summary"_s, unit.unreachable->summary}, {u"detail"_s, unit.unreachable->detail}, {u"hint"_s, unit.unreachable->hint}}));
        units.push_back(json);
    }
    return Json::object({{u"workspace"_s, plan.workspace}, {u"hash"_s, QString::fromLatin1(plan.hash())}, {u"refused"_s, plan.refused()}, {u"changes"_s, plan.changesAnything()}, {u"units"_s, Json::array(std::move(units))}});
}

QString planToText(const DeployPlan& plan)
{
    QString out;
    for (const UnitPlan& unit : plan.units) {
        out += u"%1 / %2"_s.arg(unit.host, unit.unit);
        if (unit.unreachable) {
            out += u": "_s + unit.unreachable->toString() + u'\n';
            continue;
        }
        out += unit.snapshot.release.isEmpty() ? u", never deployed to\n"_s : u", release %1\n"_s.arg(unit.snapshot.release);
        for (const FileChange& change : unit.changes) {
            out += u"  %1 %2%3\n"_s.arg(actionName(change.action), QFile::decodeName(change.path), change.edited ? u" (edited on the host)"_s : QString());
            for (const SemanticChange& one : change.semantic)
                out += u"    %1 %2 %3%4\n"_s.arg(one.kind == SemanticChange::Kind::Added ? u"+"_s : one.kind == SemanticChange::Kind::Removed ? u"-"_s : u"~"_s, one.what, one.name,
                                                 one.keys.isEmpty() ? QString() : u": "_s + one.keys.join(u", "_s));
            for (const QByteArray& line : change.diff.split('\n')) {
                if (!line.isEmpty())
                    out += u"    | "_s + QString::fromUtf8(line) + u'\n';
            }
        }
        out += blastText(unit.blast);
        if (!unit.validatedBy.isEmpty())
            out += u"  checked by %1\n"_s.arg(unit.validatedBy);
        for (const PlanFinding& one : unit.findings) {
            const QString place = one.line > 0 ? u"%1:%2:%3: "_s.arg(one.file).arg(one.line).arg(one.column) : QString();
            out += u"  %1: %2%3 [%4]\n"_s.arg(severityName(one.severity), place, one.message, one.code);
            if (!one.hint.isEmpty())
                out += u"    "_s + QString(one.hint).replace(u'\n', u"\n    "_s) + u'\n';
        }
        if (unit.changes.empty())
            out += u"  nothing to change\n"_s;
    }
    return out + u"plan %1\n"_s.arg(QString::fromLatin1(plan.hash().left(16)));
}

} // namespace Promdeck::Deploy
