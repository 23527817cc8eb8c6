#include "app/gui/sourcedesk.h"

#include "models/stack/stackopener.h"
#include "widgets/common/errortext.h"
#include "widgets/common/noticebar.h"
#include "widgets/dashboard/dashboardpage.h"
#include "widgets/dashboard/dashboardsaving.h"
#include "widgets/dashboard/sourcebanner.h"

#include <QCoroTask>

#include <QBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

/// "prometheus", "loki@eu", "none": the kind, and the stack when it is not that of the page.
ChosenSource sourceOf(const QString& value)
{
    return {value.section(u'@', 0, 0), value.section(u'@', 1)};
}

bool isPrometheus(const QString& type)
{
    return type.isEmpty() || type.contains(u"prometheus") || type.contains(u"mimir") || type.contains(u"thanos");
}

QString kindName(const QString& type)
{
    if (type.isEmpty())
        return {};
    return isPrometheus(type) ? u"Prometheus"_s : type == u"loki" ? u"Loki"_s : type;
}

} // namespace

SourceDesk::SourceDesk(DashboardPage* page, const Services& services)
    : QObject(page), m_page(page), m_services(services), m_banner(new SourceBanner(page))
{
    auto* column = qobject_cast<QBoxLayout*>(page->layout());
    column->insertWidget(column->indexOf(page->notices()) + 1, m_banner);
    connect(m_banner, &SourceBanner::accepted, this, &SourceDesk::accept);
    connect(page, &DashboardPage::opened, this, &SourceDesk::opened);
}

SourceDesk::~SourceDesk()
{
    m_stop.request_stop();
}

QString SourceDesk::dashboardKey() const
{
    const QString uid = m_page->session()->dashboard().uid;
    return uid.isEmpty() ? m_page->saving()->reference() : uid;
}

void SourceDesk::opened()
{
    m_stop.request_stop();
    m_stop = std::stop_source();
    ++m_turn;
    m_banner->setRows({});
    QStringList names {m_page->session()->stack()->profile().name};
    for (const StackProfile& profile : m_services.stacks->stacks())
        names << profile.name;
    m_unknown = datasourceUses(m_page->session()->dashboard());
    std::erase_if(m_unknown, [&names](const DatasourceUse& use) { return isKnownSource(use, names); });
    if (m_unknown.empty())
        return;
    const QHash<QString, QString> choices = remembered();
    const bool all = std::ranges::all_of(m_unknown, [&](const DatasourceUse& use) { return choices.contains(use.reference); });
    apply(choices, !all);
    if (!all)
        ask();
}

/// What most would choose: a source of that kind, on the stack that is shown if it has one.
QString SourceDesk::guess(const DatasourceUse& use) const
{
    const QString kind = isPrometheus(use.type) ? u"prometheus"_s : use.type;
    if (kind == u"prometheus" || (kind == u"loki" && !m_page->session()->stack()->profile().loki.isEmpty()))
        return kind;
    if (kind == u"loki") {
        for (const StackProfile& profile : m_services.stacks->stacks()) {
            if (!profile.loki.isEmpty())
                return u"loki@"_s + profile.name;
        }
    }
    return u"none"_s;
}

bool SourceDesk::ask()
{
    if (!m_page->session() || m_unknown.empty())
        return false;
    const StackProfile own = m_page->session()->stack()->profile();
    const QString ownName = own.name.isEmpty() ? own.prometheus.authority() : own.name;
    std::vector<SourceBanner::Choice> choices {{tr("%1 – Prometheus (this stack)").arg(ownName), u"prometheus"_s}};
    if (!own.loki.isEmpty())
        choices.push_back({tr("%1 – Loki (this stack)").arg(ownName), u"loki"_s});
    for (const StackProfile& profile : m_services.stacks->stacks()) {
        if (profile.name == own.name)
            continue;
        choices.push_back({tr("%1 – Prometheus").arg(profile.name), u"prometheus@"_s + profile.name});
        if (!profile.loki.isEmpty())
            choices.push_back({tr("%1 – Loki").arg(profile.name), u"loki@"_s + profile.name});
    }
    choices.push_back({tr("Nothing: leave its panels empty"), u"none"_s});
    const QHash<QString, QString> before = remembered();
    std::vector<SourceBanner::Row> rows;
    for (const DatasourceUse& use : m_unknown) {
        QStringList about {kindName(use.type)};
        if (use.panels > 0)
            about << (use.panels == 1 ? tr("1 panel") : tr("%1 panels").arg(use.panels));
        if (use.inVariables)
            about << tr("variables");
        about.removeAll(QString());
        rows.push_back({use.reference, about.isEmpty() ? use.label : tr("%1 (%2)").arg(use.label, about.join(u", "_s)), choices,
                        before.value(use.reference, guess(use))});
    }
    m_banner->setRows(std::move(rows));
    return true;
}

void SourceDesk::accept(const QStringList& values)
{
    QHash<QString, QString> choices;
    for (size_t i = 0; i < m_unknown.size(); ++i)
        choices.insert(m_unknown[i].reference, values.value(qsizetype(i)));
    remember(choices);
    m_banner->setRows({});
    apply(choices, false);
}

QHash<QString, QString> SourceDesk::remembered() const
{
    QHash<QString, QString> choices;
    for (const auto& [reference, value] : m_services.settings->value(Settings::Key::DatasourceChoices)[dashboardKey()].members())
        choices.insert(reference, value.toString());
    return choices;
}

void SourceDesk::remember(const QHash<QString, QString>& choices)
{
    Json all = m_services.settings->value(Settings::Key::DatasourceChoices);
    Json own = Json::object();
    for (const DatasourceUse& use : m_unknown)
        own.set(use.reference, choices.value(use.reference));
    all.set(dashboardKey(), own);
    m_services.settings->set(Settings::Key::DatasourceChoices, all);
}

void SourceDesk::apply(const QHash<QString, QString>& choices, bool waiting)
{
    QHash<QString, ChosenSource> sources;
    QStringList stacks;
    for (const DatasourceUse& use : m_unknown) {
        // Until somebody chooses, what the guess can answer is shown, and the rest is empty without a word.
        ChosenSource source = sourceOf(choices.value(use.reference, waiting ? guess(use) : QString()));
        if (waiting && !source.stack.isEmpty())
            source = {};
        if (source.type == u"none")
            source = {};
        if (!source.stack.isEmpty() && !stacks.contains(source.stack))
            stacks << source.stack;
        sources.insert(use.reference, source);
    }
    if (stacks.isEmpty()) {
        m_page->session()->setChosenSources(sources, {});
        return;
    }
    struct Opening
    {
        QHash<QString, std::shared_ptr<StackConnection>> opened;
        qsizetype left = 0;
    };
    const auto opening = std::make_shared<Opening>();
    opening->left = stacks.size();
    const auto finish = [this, opening, sources, turn = m_turn] {
        if (--opening->left > 0 || turn != m_turn || !m_page->session())
            return;
        QHash<QString, ChosenSource> usable = sources;
        for (ChosenSource& source : usable) {
            if (!source.stack.isEmpty() && !opening->opened.contains(source.stack))
                source = {};
        }
        m_page->session()->setChosenSources(usable, opening->opened);
    };
    for (const QString& name : std::as_const(stacks)) {
        const auto profile = m_services.stacks->find(name);
        if (!profile) {
            m_page->notices()->post(u"source:"_s + name, NoticeBar::Tone::Warning, tr("There is no stack named “%1” any more").arg(name),
                                    {{u"askSources"_s, tr("Choose again"), [this] { ask(); }}});
            finish();
            continue;
        }
        QCoro::connect(openStack(*profile, m_services.secrets, m_stop.get_token()), this,
                       [this, opening, name, finish](const Result<std::shared_ptr<StackConnection>>& stack) {
                           if (stack.ok())
                               opening->opened.insert(name, *stack);
                           else
                               m_page->notices()->post(u"source:"_s + name, NoticeBar::Tone::Warning,
                                                       tr("The stack “%1” cannot be asked: %2").arg(name, errorText(stack.error())),
                                                       {{u"askSources"_s, tr("Choose again"), [this] { ask(); }}});
                           finish();
                       });
    }
}

} // namespace Promdeck
