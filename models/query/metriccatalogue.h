#pragma once

#ifndef Q_MOC_RUN // it cannot read the standard headers behind it
#include "models/promql/completion.h"
#endif
#include "models/query/metricpanel.h"
#include "models/stack/stackconnection.h"

#include <QHash>
#include <QObject>
#include <QSet>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace Promdeck {

/// The metrics of one stack: names, types and help texts at once, labels and values when somebody asks. Answers from
/// memory; what is missing is fetched and changed() says when it is there. Lives on one thread.
class MetricCatalogue final : public QObject, public Promql::CompletionSource
{
    Q_OBJECT
public:
    explicit MetricCatalogue(std::shared_ptr<StackConnection> stack, QObject* parent = nullptr);
    ~MetricCatalogue() override;

    /// Fetches names and metadata (anew).
    void load();
    [[nodiscard]] bool isLoaded() const { return m_loaded; }
    /// Why the names could not be fetched. Missing metadata is no error: not every server has it.
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }
    /// Labels and values are looked for in this range; it starts as the last hour.
    void setRange(const TimeRange& range);
    [[nodiscard]] std::shared_ptr<StackConnection> stack() const { return m_stack; }

    [[nodiscard]] MetricInfo info(const QString& metric) const;
    /// Whether there is a `metric`_bucket.
    [[nodiscard]] bool hasBuckets(const QString& metric) const;
    /// Places in metricNames() of what fits a search, best first; an empty search gives all in order.
    [[nodiscard]] std::vector<int> find(const QString& search, size_t limit = 2000) const;

    [[nodiscard]] std::span<const std::string> metricNames() const override { return m_names; }
    [[nodiscard]] std::string metricType(const std::string& metric) const override;
    [[nodiscard]] std::string metricHelp(const std::string& metric) const override;
    [[nodiscard]] std::vector<std::string> labelNames(const std::string& metric) const override;
    [[nodiscard]] std::vector<std::string> labelValues(const std::string& metric, const std::string& label,
                                                       const std::vector<Promql::Matcher>& others) const override;

Q_SIGNALS:
    void changed();       ///< names, types, help texts
    void labelsChanged(); ///< labels or values that were asked for arrived

private:
    struct Lookup
    {
        bool pending = true;
        std::vector<std::string> values;
    };
    [[nodiscard]] const Lookup& lookup(const QString& key, const QString& label, const QString& matcher) const;
    [[nodiscard]] TimeRange range() const;

    std::shared_ptr<StackConnection> m_stack;
    std::vector<std::string> m_names; ///< sorted
    QHash<QString, MetricInfo> m_info; ///< by family
    std::optional<Error> m_error;
    std::optional<TimeRange> m_range;
    mutable QHash<QString, Lookup> m_lookups; ///< filled while answering: asking is what starts a request
    bool m_loaded = false;
    quint64 m_turn = 0;
};

} // namespace Promdeck
