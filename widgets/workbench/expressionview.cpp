#include "widgets/workbench/expressionview.h"

#include "models/config/embedded.h"
#include "models/config/online/vectormatching.h"
#include "models/prometheus/prometheusclient.h"
#include "models/promql/printer.h"
#include "widgets/common/errortext.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"

#include <QBoxLayout>
#include <QCoroTask>
#include <QDateTime>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSplitter>
#include <QTreeWidget>

#include <algorithm>
#include <map>
#include <set>

using namespace Qt::StringLiterals;

namespace Promdeck {

using namespace Promql;

namespace {

constexpr int kRunDelayMs = 500;
constexpr size_t kMostNodes = 60; // queries for one expression
constexpr int kNodeRole = Qt::UserRole + 1;

QString text(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), qsizetype(utf8.size()));
}

QString seriesText(const Labels& labels)
{
    QStringList parts;
    QString name;
    for (const auto& [label, value] : labels) {
        if (label == u"__name__")
            name = value;
        else
            parts << u"%1=\"%2\""_s.arg(label, value);
    }
    return name + u'{' + parts.join(u", ") + u'}';
}

double lastOf(const SeriesData& series)
{
    const Column::Numbers& values = series.values.numbers();
    return values.empty() ? kNull : values.back();
}

/// "job: api 12, db 3 · instance: 15 values"
QString labelsSummary(const QueryResult& result)
{
    std::map<QString, std::map<QString, int>> values;
    for (const SeriesData& series : result.series) {
        for (const auto& [name, value] : series.labels) {
            if (name != u"__name__")
                ++values[name][value];
        }
    }
    std::vector<std::pair<QString, std::map<QString, int>>> sorted(values.begin(), values.end());
    // Labels with few values say most.
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
    QStringList out;
    for (const auto& [name, counts] : sorted) {
        if (out.size() == 3)
            break;
        if (counts.size() > 4) {
            out << ExpressionView::tr("%1: %2 values").arg(name).arg(counts.size());
            continue;
        }
        QStringList parts;
        for (const auto& [value, count] : counts)
            parts << (result.series.size() > counts.size() ? u"%1 (%2)"_s.arg(value).arg(count) : value);
        out << u"%1: %2"_s.arg(name, parts.join(u", "));
    }
    return out.join(u" · "_s);
}

} // namespace

ExpressionView::ExpressionView(QWidget* parent) : WorkbenchTool(parent), m_head(new QLabel(this)), m_tree(new QTreeWidget(this)), m_explain(new QPlainTextEdit(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    m_head->setObjectName(u"expressionHead"_s);
    m_head->setMargin(8);
    m_head->setWordWrap(true);
    m_head->setTextFormat(Qt::PlainText);
    column->addWidget(m_head);
    auto* split = new QSplitter(Qt::Vertical, this);
    m_tree->setObjectName(u"expressionTree"_s);
    m_tree->setAccessibleName(tr("Expression tree"));
    m_tree->setHeaderLabels({tr("Part"), tr("Series"), tr("Time"), tr("Values and labels")});
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->header()->setStretchLastSection(true);
    m_tree->setColumnWidth(Part, 210);
    m_tree->setColumnWidth(Series, 58);
    m_tree->setColumnWidth(Time, 62);
    m_tree->setIndentation(16);
    QFont mono(u"monospace"_s);
    mono.setStyleHint(QFont::Monospace);
    mono.setPixelSize(12);
    m_explain->setObjectName(u"expressionExplanation"_s);
    m_explain->setAccessibleName(tr("Explanation"));
    m_explain->setReadOnly(true);
    m_explain->setFrameShape(QFrame::NoFrame);
    m_explain->setFont(mono);
    m_explain->setLineWrapMode(QPlainTextEdit::NoWrap);
    split->addWidget(m_tree);
    split->addWidget(m_explain);
    split->setSizes({260, 220});
    column->addWidget(split, 1);
    m_runTimer.setSingleShot(true);
    m_runTimer.setInterval(kRunDelayMs);
    connect(&m_runTimer, &QTimer::timeout, this, &ExpressionView::runAll);
    connect(m_tree, &QTreeWidget::currentItemChanged, this, &ExpressionView::explain);
    connect(m_tree, &QTreeWidget::itemActivated, this, [this](QTreeWidgetItem* item) {
        const Node& node = m_parsed.ast.at(item->data(0, kNodeRole).toInt());
        Q_EMIT jumpWanted(m_place.inText(node.range.start), m_place.inText(std::max(node.range.start + 1, node.range.end) - 1) + 1);
    });
}

ExpressionView::~ExpressionView() = default;

QString ExpressionView::explanation() const
{
    return m_explain->toPlainText();
}

void ExpressionView::follow(const ToolContext& context)
{
    const bool stackChanged = context.stack != m_stack;
    m_stack = context.stack;
    const std::string_view all(context.text.constData(), size_t(context.text.size()));
    Config::YamlPlace place = Config::placeAt(all, context.offset);
    if (!Config::holdsPromql(context.kind, place.path) || place.where == Config::YamlPlace::Where::Key) {
        // Anywhere in a rule means its expression.
        const Config::YamlDocument document = context.kind == Config::FileKind::Rules ? Config::YamlDocument::parse(all) : Config::YamlDocument::parse({});
        const auto rule = document.ok() ? Config::ruleAt(document, context.offset) : std::nullopt;
        if (!rule || rule->expression.empty()) {
            if (m_expression.empty())
                m_head->setText(tr("Put the cursor into an expression."));
            return;
        }
        place = Config::placeAt(all, rule->expressionSpan.start.offset);
    }
    if (place.scalar == m_expression && !stackChanged) {
        m_place = place;
        return;
    }
    m_place = place;
    m_expression = place.scalar;
    m_parsed = parse(m_expression, Config::promqlOptions(context.options));
    build();
}

QString ExpressionView::headOf(const Node& node, NodeId id) const
{
    const Ast& ast = m_parsed.ast;
    const auto labels = [](const std::vector<LabelRef>& list) {
        QStringList out;
        for (const LabelRef& one : list)
            out << text(one.name);
        return out.join(u", ");
    };
    switch (node.kind) {
    case NodeKind::Binary: {
        QString head = text(tokenText(node.op));
        const MatchingData& matching = ast.matching(node);
        if (matching.returnBool)
            head += u" bool"_s;
        if (matching.on || !matching.labels.empty())
            head += (matching.on ? u" on ("_s : u" ignoring ("_s) + labels(matching.labels) + u')';
        if (matching.card == Cardinality::ManyToOne)
            head += u" group_left ("_s + labels(matching.include) + u')';
        if (matching.card == Cardinality::OneToMany)
            head += u" group_right ("_s + labels(matching.include) + u')';
        return head;
    }
    case NodeKind::Call: return text(ast.call(node).name) + u"()"_s;
    case NodeKind::Aggregate: {
        const AggregateData& data = ast.aggregate(node);
        QString head = text(tokenText(node.op));
        if (data.without || !data.labels.empty())
            head += (data.without ? u" without ("_s : u" by ("_s) + labels(data.labels) + u')';
        return head;
    }
    case NodeKind::Paren: return u"( )"_s;
    case NodeKind::Unary: return text(tokenText(node.op));
    case NodeKind::Range:
    case NodeKind::Subquery: return text(printHead(ast, id));
    default: return text(print(ast, id)).simplified();
    }
}

QTreeWidgetItem* ExpressionView::addNode(NodeId id, QTreeWidgetItem* parent)
{
    const Node& node = m_parsed.ast.at(id);
    auto* item = parent ? new QTreeWidgetItem(parent) : new QTreeWidgetItem(m_tree);
    item->setText(Part, headOf(node, id));
    item->setToolTip(Part, plainTip(text(print(m_parsed.ast, id))));
    item->setData(0, kNodeRole, id);
    m_items.insert(id, item);
    for (const NodeId child : m_parsed.ast.children(id))
        addNode(child, item);
    item->setExpanded(true);
    return item;
}

void ExpressionView::build()
{
    ++m_turn;
    m_open = 0;
    m_items.clear();
    m_answers.clear();
    m_tree->clear();
    m_explain->clear();
    if (!m_parsed.ok() || m_parsed.ast.isEmpty()) {
        m_runTimer.stop();
        m_head->setText(m_parsed.problems.empty() ? tr("Put the cursor into an expression.") : text(m_parsed.problems.front().message));
        return;
    }
    m_head->setText(m_stack ? tr("Every part as of now, on %1").arg(m_stack->profile().name) : tr("Connect a stack to see what each part gives."));
    m_tree->setCurrentItem(addNode(m_parsed.ast.root, nullptr));
    if (m_stack)
        m_runTimer.start();
}

void ExpressionView::runAll()
{
    const quint64 turn = m_turn;
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    size_t asked = 0;
    for (auto it = m_items.cbegin(); it != m_items.cend(); ++it) {
        const Node& node = m_parsed.ast.at(it.key());
        // Ranges are many samples for nothing to see; their selector says how many series there are.
        if (node.type == ValueType::Matrix || node.type == ValueType::String || node.kind == NodeKind::Number || ++asked > kMostNodes)
            continue;
        it.value()->setText(Time, u"…"_s);
        ++m_open;
        const NodeId id = it.key();
        QCoro::connect(m_stack->prometheus().queryInstant(text(print(m_parsed.ast, id)), now), this, [this, turn, id](const Result<QueryAnswer>& answer) {
            if (turn != m_turn)
                return;
            --m_open;
            show(id, answer);
        });
    }
}

void ExpressionView::show(NodeId id, const Result<QueryAnswer>& answer)
{
    QTreeWidgetItem* item = m_items.value(id);
    const ThemeColors& c = Theme::instance().colors();
    if (!answer.ok()) {
        item->setText(Time, {});
        item->setText(Values, errorTitle(answer.error()));
        item->setForeground(Values, c.error);
        item->setToolTip(Values, plainTip(errorText(answer.error())));
    } else {
        const QueryResult& result = answer->result;
        m_answers.insert(id, std::make_shared<const QueryAnswer>(*answer));
        item->setText(Series, result.type == QueryResult::Type::Scalar ? QString() : QString::number(result.series.size()));
        item->setTextAlignment(Series, Qt::AlignRight | Qt::AlignVCenter);
        item->setText(Time, u"%1 ms"_s.arg(answer->seconds * 1000, 0, 'f', answer->seconds < 0.01 ? 1 : 0));
        item->setTextAlignment(Time, Qt::AlignRight | Qt::AlignVCenter);
        QString summary = labelsSummary(result);
        if (result.series.size() == 1)
            summary = QString::number(lastOf(result.series.front()), 'g', 6) + (summary.isEmpty() ? QString() : u"   "_s + summary);
        if (result.series.empty())
            summary = tr("nothing");
        item->setText(Values, summary);
        item->setToolTip(Values, plainTip(summary));
        item->setData(Part, Qt::ForegroundRole, result.series.empty() ? QVariant(c.warning) : QVariant());
    }
    explain();
}

void ExpressionView::explain()
{
    const QTreeWidgetItem* item = m_tree->currentItem();
    if (!item) {
        m_explain->clear();
        return;
    }
    const NodeId id = item->data(0, kNodeRole).toInt();
    const Node& node = m_parsed.ast.at(id);
    QString out;
    if (node.kind == NodeKind::Binary && m_parsed.ast.matching(node).hasMatching)
        out = explainOperation(id);
    if (const auto answer = m_answers.value(id)) {
        const std::vector<SeriesData>& all = answer->result.series;
        std::vector<const SeriesData*> sorted;
        for (const SeriesData& series : all)
            sorted.push_back(&series);
        std::stable_sort(sorted.begin(), sorted.end(), [](const SeriesData* a, const SeriesData* b) { return lastOf(*a) > lastOf(*b); });
        if (!out.isEmpty())
            out += u"\n\n"_s;
        out += all.empty() ? tr("The result is empty") : all.size() > 50 ? tr("The largest 50 of %1:").arg(all.size()) : tr("The result:");
        for (size_t i = 0; i < std::min<size_t>(50, sorted.size()); ++i)
            out += u"\n%1  %2"_s.arg(QString::number(lastOf(*sorted[i]), 'g', 6), 12).arg(seriesText(sorted[i]->labels));
    }
    m_explain->setPlainText(out);
}

QString ExpressionView::explainOperation(NodeId id) const
{
    const Ast& ast = m_parsed.ast;
    const Node& node = ast.at(id);
    const auto left = m_answers.value(node.lhs);
    const auto right = m_answers.value(node.rhs);
    if (!left || !right)
        return tr("Waiting for both sides…");
    const auto labelsOf = [](const QueryAnswer& answer) {
        std::vector<Labels> out;
        for (const SeriesData& series : answer.result.series)
            out.push_back(series.labels);
        return out;
    };
    const Config::MatchExplanation found = Config::explainMatching(labelsOf(*left), labelsOf(*right), ast.matching(node), node.op);
    using Why = Config::MatchExplanation::Why;
    QStringList lines;
    const MatchingData& matching = ast.matching(node);
    QStringList names;
    for (const LabelRef& label : matching.labels)
        names << text(label.name);
    lines << (matching.on ? tr("Series meet where these labels are the same: %1").arg(names.isEmpty() ? tr("none") : names.join(u", "))
                  : names.isEmpty() ? tr("Series meet where all labels are the same")
                                    : tr("Series meet where all labels but these are the same: %1").arg(names.join(u", ")));
    lines << tr("%1 of %2 on the left have a partner; %3 on the right have none.").arg(found.matched).arg(left->result.series.size()).arg(found.rightAlone);
    int shown = 0;
    for (const Config::MatchExplanation::Group& group : found.groups) {
        if (++shown > 40) {
            lines << tr("… and %1 more").arg(found.groups.size() - 40);
            break;
        }
        const QString key = seriesText(group.labels);
        const auto list = [&lines](const QString& side, const std::vector<Labels>& series) {
            for (size_t i = 0; i < std::min<size_t>(4, series.size()); ++i)
                lines << u"      %1 %2"_s.arg(side, seriesText(series[i]));
            if (series.size() > 4)
                lines << tr("      %1 … %2 in all").arg(side).arg(series.size());
        };
        switch (group.why) {
        case Why::Matched:
            lines << u"✓ "_s + key;
            break;
        case Why::NoPartner: {
            const bool isLeft = !group.left.empty();
            lines << u"✗ "_s + key + u"  "_s + (isLeft ? tr("nothing on the right") : tr("nothing on the left"));
            // The nearest on the other side says which label is in the way.
            const std::vector<Labels>& own = isLeft ? group.left : group.right;
            const Config::MatchExplanation::Group* nearest = nullptr;
            int best = -1;
            for (const Config::MatchExplanation::Group& other : found.groups) {
                if ((isLeft ? other.right : other.left).empty())
                    continue;
                int same = 0;
                for (const auto& [name, value] : group.labels)
                    same += other.labels.value(name) == value && other.labels.contains(name);
                if (same > best) {
                    best = same;
                    nearest = &other;
                }
            }
            if (nearest) {
                std::set<QString> all;
                for (const auto& [name, value] : group.labels)
                    all.insert(name);
                for (const auto& [name, value] : nearest->labels)
                    all.insert(name);
                for (const QString& name : all) {
                    const QString mine = group.labels.value(name);
                    const QString theirs = nearest->labels.value(name);
                    if (mine != theirs)
                        lines << tr("      %1: here “%2”, nearest there “%3”").arg(name, mine, theirs);
                }
            } else {
                list(QString(), own);
            }
            break;
        }
        case Why::ManyOnOneSide:
        case Why::ManyToMany:
            lines << u"✗ "_s + key + u"  "_s
                    + (group.why == Why::ManyToMany ? tr("several on both sides: the query fails") : tr("several on a side that may have one: the query fails; group_left or group_right allows it"));
            list(tr("left"), group.left);
            list(tr("right"), group.right);
            break;
        }
    }
    return lines.join(u'\n');
}

} // namespace Promdeck
