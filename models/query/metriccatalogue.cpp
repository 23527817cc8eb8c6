#include "models/query/metriccatalogue.h"

#include <QCoroTask>

#include <QDateTime>
#include <QPointer>

#include <algorithm>
#include <numeric>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kLookBackMs = 3'600'000;

std::vector<std::string> toBytes(const QStringList& texts)
{
    std::vector<std::string> bytes;
    bytes.reserve(size_t(texts.size()));
    for (const QString& text : texts)
        bytes.push_back(text.toStdString());
    return bytes;
}

QString quoted(const QString& text)
{
    QString escaped = text;
    escaped.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s).replace(u'\n', u"\\n"_s);
    return u'"' + escaped + u'"';
}

} // namespace

MetricCatalogue::MetricCatalogue(std::shared_ptr<StackConnection> stack, QObject* parent)
    : QObject(parent), m_stack(std::move(stack))
{
}

MetricCatalogue::~MetricCatalogue() = default;

TimeRange MetricCatalogue::range() const
{
    if (m_range)
        return *m_range;
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    return {now - kLookBackMs, now};
}

void MetricCatalogue::setRange(const TimeRange& range)
{
    if (m_range && *m_range == range)
        return;
    m_range = range;
    m_lookups.clear();
}

void MetricCatalogue::load()
{
    const quint64 turn = ++m_turn;
    m_lookups.clear();
    QCoro::connect(m_stack->prometheus().labelValues(u"__name__"_s, {}, range()), this, [this, turn](Result<QStringList> names) {
        if (turn != m_turn)
            return;
        m_error.reset();
        if (names.ok()) {
            m_names = toBytes(*names);
            std::sort(m_names.begin(), m_names.end());
        } else {
            m_error = names.error();
        }
        m_loaded = true;
        Q_EMIT changed();
    });
    QCoro::connect(m_stack->prometheus().data(u"metadata"_s), this, [this, turn](Result<Json> metadata) {
        if (turn != m_turn || !metadata.ok())
            return;
        m_info.clear();
        for (const auto& [name, entries] : metadata->members()) {
            const Json& entry = entries.at(0);
            m_info.insert(name, {name, entry[u"type"].toString(), entry[u"help"].toString(), entry[u"unit"].toString()});
        }
        Q_EMIT changed();
    });
}

MetricInfo MetricCatalogue::info(const QString& metric) const
{
    auto it = m_info.constFind(metric);
    if (it == m_info.constEnd())
        it = m_info.constFind(metricFamily(metric));
    // OpenMetrics tells of a counter without its "_total".
    if (it == m_info.constEnd() && metric.endsWith(u"_total"))
        it = m_info.constFind(metric.chopped(6));
    MetricInfo info = it == m_info.constEnd() ? MetricInfo() : *it;
    info.name = metric;
    return info;
}

bool MetricCatalogue::hasBuckets(const QString& metric) const
{
    return std::binary_search(m_names.begin(), m_names.end(), metric.toStdString() + "_bucket");
}

std::vector<int> MetricCatalogue::find(const QString& search, size_t limit) const
{
    std::vector<int> places(m_names.size());
    std::iota(places.begin(), places.end(), 0);
    const QStringList words = search.split(u' ', Qt::SkipEmptyParts);
    if (words.isEmpty()) {
        places.resize(std::min(places.size(), limit));
        return places;
    }
    std::vector<std::string> patterns = toBytes(words);
    std::vector<std::pair<int, int>> scored; // (score, place)
    for (const int place : places) {
        int score = 0;
        for (const std::string& pattern : patterns) {
            const int one = Promql::fuzzyScore(pattern, m_names[size_t(place)]);
            if (one < 0) {
                score = -1;
                break;
            }
            score += one;
        }
        if (score >= 0)
            scored.emplace_back(score, place);
    }
    std::stable_sort(scored.begin(), scored.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    places.clear();
    for (size_t at = 0; at < std::min(scored.size(), limit); ++at)
        places.push_back(scored[at].second);
    return places;
}

std::string MetricCatalogue::metricType(const std::string& metric) const
{
    return info(QString::fromStdString(metric)).type.toStdString();
}

std::string MetricCatalogue::metricHelp(const std::string& metric) const
{
    return info(QString::fromStdString(metric)).help.toStdString();
}

const MetricCatalogue::Lookup& MetricCatalogue::lookup(const QString& key, const QString& label, const QString& matcher) const
{
    const auto known = m_lookups.constFind(key);
    if (known != m_lookups.constEnd())
        return *known;
    const Lookup& fresh = *m_lookups.insert(key, {});
    const QStringList matchers = matcher.isEmpty() ? QStringList() : QStringList {matcher};
    auto* self = const_cast<MetricCatalogue*>(this); // NOLINT: the context of the answer, which only fills the cache
    const auto arrived = [self, key](const Result<QStringList>& values) {
        const auto slot = self->m_lookups.find(key);
        if (slot == self->m_lookups.end())
            return; // another range meanwhile
        slot->pending = false;
        if (values.ok())
            slot->values = toBytes(*values);
        Q_EMIT self->labelsChanged();
    };
    if (label.isEmpty())
        QCoro::connect(m_stack->prometheus().labelNames(matchers, range()), self, arrived);
    else
        QCoro::connect(m_stack->prometheus().labelValues(label, matchers, range()), self, arrived);
    return fresh;
}

std::vector<std::string> MetricCatalogue::labelNames(const std::string& metric) const
{
    const QString name = QString::fromStdString(metric);
    std::vector<std::string> names = lookup(u"names "_s + name, {}, name.isEmpty() ? QString() : u"{__name__="_s + quoted(name) + u'}').values;
    std::erase(names, "__name__");
    return names;
}

std::vector<std::string> MetricCatalogue::labelValues(const std::string& metric, const std::string& label,
                                                      const std::vector<Promql::Matcher>& others) const
{
    QStringList parts;
    if (!metric.empty())
        parts << u"__name__="_s + quoted(QString::fromStdString(metric));
    for (const Promql::Matcher& matcher : others) {
        static const QStringList operators {u"="_s, u"!="_s, u"=~"_s, u"!~"_s};
        const QString op = operators.at(int(matcher.type));
        if (matcher.name != "__name__")
            parts << QString::fromStdString(matcher.name) + op + quoted(QString::fromStdString(matcher.value));
    }
    const QString selector = parts.isEmpty() ? QString() : u'{' + parts.join(u", "_s) + u'}';
    const QString name = QString::fromStdString(label);
    return lookup(u"values "_s + name + u' ' + selector, name, selector).values;
}

} // namespace Promdeck
