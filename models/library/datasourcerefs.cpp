#include "models/library/datasourcerefs.h"

#include "models/dashboard/interpolation.h"

#include <QSet>

#include <algorithm>
#include <array>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

bool isOwn(const DatasourceRef& ref)
{
    static const QSet<QString> kOwn {u"-- Mixed --"_s, u"mixed"_s, u"-- Dashboard --"_s, u"-- Grafana --"_s, u"grafana"_s, u"__expr__"_s,
                                     u"default"_s};
    static const QSet<QString> kTypes {u"mixed"_s, u"dashboard"_s, u"grafana"_s, u"datasource"_s, u"__expr__"_s};
    return ref.uid.isEmpty() || kOwn.contains(ref.uid) || kTypes.contains(ref.type);
}

class Collector
{
public:
    explicit Collector(const Dashboard& dashboard) : m_dashboard(dashboard) {}

    DatasourceUse* use(const DatasourceRef& ref)
    {
        if (isOwn(ref) || isSourceVariable(ref.uid))
            return nullptr;
        const auto known = std::ranges::find(m_uses, ref.uid, &DatasourceUse::reference);
        if (known != m_uses.end()) {
            if (known->type.isEmpty())
                known->type = ref.type;
            return &*known;
        }
        DatasourceUse use {ref.uid, ref.uid, ref.type.contains(u'$') ? QString() : ref.type, 0, false, false};
        const QStringList names = referencedVariables(ref.uid);
        for (const Json& input : m_dashboard.inputs.items()) {
            if (names.size() != 1 || input[u"name"].toString() != names.first() || input[u"type"].toString() != u"datasource")
                continue;
            use.isInput = true;
            if (const QString label = input[u"label"].toString(); !label.isEmpty())
                use.label = label;
            if (use.type.isEmpty())
                use.type = input[u"pluginId"].toString();
        }
        m_uses.push_back(use);
        return &m_uses.back();
    }

    void panel(const PanelSpec& panel)
    {
        QSet<QString> counted;
        const auto count = [&](const DatasourceRef& ref) {
            if (DatasourceUse* found = use(ref); found && !counted.contains(ref.uid)) {
                ++found->panels;
                counted.insert(ref.uid);
            }
        };
        if (!panel.targets.empty())
            count(panel.datasource);
        for (const Target& target : panel.targets) {
            // The panel's source counts; a target's own only where the panel mixes sources or names none.
            if (isOwn(panel.datasource))
                count(target.datasource);
        }
        for (const PanelSpec& child : panel.children)
            this->panel(child);
    }

    std::vector<DatasourceUse> m_uses;

private:
    [[nodiscard]] bool isSourceVariable(const QString& uid) const
    {
        const QStringList names = referencedVariables(uid);
        return std::ranges::any_of(m_dashboard.variables, [&names](const VariableSpec& variable) { return names.contains(variable.name); });
    }

    const Dashboard& m_dashboard;
};

} // namespace

std::vector<DatasourceUse> datasourceUses(const Dashboard& dashboard)
{
    Collector collector(dashboard);
    for (const PanelSpec& panel : dashboard.panels)
        collector.panel(panel);
    for (const VariableSpec& variable : dashboard.variables) {
        if (variable.type != u"query" && variable.type != u"adhoc")
            continue;
        if (DatasourceUse* found = collector.use(variable.datasource))
            found->inVariables = true;
    }
    for (const AnnotationSpec& annotation : dashboard.annotations) {
        if (!annotation.builtIn)
            collector.use(annotation.datasource);
    }
    return std::move(collector.m_uses);
}

bool isKnownSource(const DatasourceUse& use, const QStringList& stackNames)
{
    static constexpr std::array<QStringView, 4> kKinds {u"prometheus", u"loki", u"default", u"-- default --"};
    const auto called = [&use](QStringView name) { return QStringView(use.reference).compare(name, Qt::CaseInsensitive) == 0; };
    return std::ranges::any_of(kKinds, called) || std::ranges::any_of(stackNames, [&](const QString& name) { return called(name); });
}

} // namespace Promdeck
