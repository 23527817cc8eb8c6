#pragma once

#ifndef Q_MOC_RUN // it cannot read the standard headers behind these
#include "models/prometheus/prometheusclient.h"
#include "models/promql/ast.h"
#include "models/promql/printer.h"
#include "models/promql/vectormatching.h"

#include <deque>
#include <memory>
#include <stop_token>
#include <vector>
#endif

#include <QObject>

namespace Promdeck::Config {

/// How often one value of a label is among the series of a result.
struct LabelValueCount
{
    QString value;
    qsizetype count = 0;
};
struct LabelSummary
{
    QString name;
    qsizetype distinct = 0;  ///< different values
    std::vector<LabelValueCount> top; ///< the most frequent ones first, at most five
};

/// What one part of an expression gives on a server.
struct NodeResult
{
    enum class State {
        Literal, ///< a number or text: nothing to ask
        Waiting,
        Running,
        Done,
        Failed
    };
    State state = State::Waiting;
    QString expression;      ///< what was asked; ranges are asked as last_over_time()
    qsizetype seriesCount = 0;
    double seconds = 0;      ///< until the answer was read
    QString text;            ///< a scalar's or string's value
    QStringList warnings;
    std::vector<LabelSummary> labels; ///< the most telling first: those with the most values
    Error error;             ///< when Failed
    std::shared_ptr<const QueryResult> result; ///< the whole answer
};

/// How often the values of labels occur among series, the labels with the most values first.
[[nodiscard]] std::vector<LabelSummary> summarizeLabels(const std::vector<SeriesData>& series, std::size_t mostValues = 5);

/// Asks a server for every part of an expression, a few at a time, the whole first. Parts that say the same are asked
/// once. Belongs to the thread that made it; destroying or cancelling it ends the requests.
class ExpressionRun final : public QObject
{
    Q_OBJECT
public:
    struct Options
    {
        qint64 timeMs = 0;     ///< evaluation time, ms since the epoch
        int maxConcurrent = 4;
        Promql::PrintOptions print {}; ///< for the server's version
    };

    /// `client` must outlive the run. The tree must come from an expression without errors.
    ExpressionRun(PrometheusClient& client, Promql::Ast ast, Options options, QObject* parent = nullptr);
    ~ExpressionRun() override;
    Q_DISABLE_COPY_MOVE(ExpressionRun)

    void start();
    /// Parts without an answer become Failed with Cancelled.
    void cancel();
    [[nodiscard]] const Promql::Ast& ast() const { return m_ast; }
    [[nodiscard]] const NodeResult& result(Promql::NodeId id) const { return m_results[std::size_t(id)]; }
    [[nodiscard]] bool isFinished() const { return m_started && m_running == 0 && m_queue.empty(); }
    /// Expressions in the order of a tree view: parents first, then children from left to right.
    [[nodiscard]] std::vector<Promql::NodeId> nodes() const;
    /// Why a binary operation matched as it did; empty before both sides have answered.
    [[nodiscard]] Promql::MatchExplanation explain(Promql::NodeId binary) const;

Q_SIGNALS:
    void nodeChanged(Promdeck::Promql::NodeId id);
    void finished();

private:
    void next();
    void take(std::size_t question, const Result<QueryAnswer>& answer);

    struct Question
    {
        QString expression;
        std::vector<Promql::NodeId> nodes;
    };
    PrometheusClient& m_client;
    Promql::Ast m_ast;
    Options m_options;
    std::vector<NodeResult> m_results; ///< by node
    std::vector<Question> m_questions;
    std::deque<std::size_t> m_queue;   ///< of questions
    std::stop_source m_stop;
    int m_running = 0;
    bool m_started = false;
};

/// The series of an instant answer, for explainMatching().
[[nodiscard]] std::vector<Promql::InstantSeries> instantSeries(const QueryResult& result);

} // namespace Promdeck::Config
