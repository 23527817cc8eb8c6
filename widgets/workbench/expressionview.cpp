#include "widgets/workbench/expressionview.h"

#include "models/config/embedded.h"
#include "models/promql/printer.h"
#include "widgets/common/errortext.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"

#include <QBoxLayout>
#include <QDateTime>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSplitter>
#include <QTreeWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

using namespace Promql;

namespace {

constexpr int kRunDelayMs = 500;
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

/// "job: api (12), db (3) · instance: 15 values"
QString labelsSummary(const Config::NodeResult& result)
{
    std::vector<const Config::LabelSummary*> sorted;
    for (const Config::LabelSummary& one : result.labels) {
        if (one.name != u"__name__")
            sorted.push_back(&one);
    }
    // Labels with few values can be told whole.
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->distinct < b->distinct; });
    QStringList out;
    for (const Config::LabelSummary* one : sorted) {
        if (out.size() == 3)
            break;
        if (one->distinct > qsizetype(one->top.size())) {
            out << ExpressionView::tr("%1: %2 values").arg(one->name).arg(one->distinct);
            continue;
        }
        QStringList parts;
        for (const Config::LabelValueCount& value : one->top)
            parts << (result.seriesCount > one->distinct ? u"%1 (%2)"_s.arg(value.value).arg(value.count) : value.value);
        out << u"%1: %2"_s.arg(one->name, parts.join(u", "));
    }
    return out.join(u" · "_s);
}

QString sideName(const QString& side)
{
    return side == u"left" ? ExpressionView::tr("left") : ExpressionView::tr("right");
}

/// What a note of the matching says; empty for what goes without saying.
QString noteText(const Promql::MatchNote& note)
{
    using Code = Promql::MatchNote::Code;
    const QStringList& p = note.parameters;
    switch (note.code) {
    case Code::LeftEmpty: return ExpressionView::tr("The left side has no series.");
    case Code::RightEmpty: return ExpressionView::tr("The right side has no series.");
    case Code::NothingMatched: return ExpressionView::tr("Both sides have series, and none of them meet.");
    case Code::DuplicateOnOneSide: return ExpressionView::tr("The query fails: on the %1 several series have %2: %3 and %4.").arg(sideName(p.value(0)), p.value(1), p.value(2), p.value(3));
    case Code::ManyNeedGroup: return ExpressionView::tr("The query fails: several series on the %1 meet one with %2; group_left or group_right allows that.").arg(sideName(p.value(0)), p.value(1));
    case Code::NotUnique: return ExpressionView::tr("The query fails: two results would be %1.").arg(p.value(0));
    case Code::SuggestOn: return ExpressionView::tr("on (%1) %2 would bring %3 groups together.").arg(p.value(0), p.value(2), p.value(3)).simplified();
    case Code::SuggestIgnoring: return ExpressionView::tr("ignoring (%1) %2 would bring %3 groups together.").arg(p.value(0), p.value(2), p.value(3)).simplified();
    case Code::OtherSideEmpty: return ExpressionView::tr("the other side is empty");
    case Code::LabelDiffers: return ExpressionView::tr("%1: here “%2”, nearest there “%3”").arg(p.value(0), p.value(1), p.value(2));
    case Code::LabelMissingThere: return ExpressionView::tr("%1: here “%2”, the nearest there has no such label").arg(p.value(0), p.value(1));
    case Code::LabelMissingHere: return ExpressionView::tr("%1: missing here, nearest there “%2”").arg(p.value(0), p.value(1));
    case Code::Filled: return ExpressionView::tr("%1 stands in for the missing %2 side").arg(p.value(1), sideName(p.value(0)));
    case Code::ComparisonFalse: return ExpressionView::tr("filtered out: %1 %2 %3 does not hold").arg(p.value(0), p.value(1), p.value(2));
    case Code::RemovedByUnless: return ExpressionView::tr("taken away by unless");
    case Code::KeptByOr: return ExpressionView::tr("kept by or");
    case Code::IncludedLabel: return {};
    case Code::IncludedMissing: return ExpressionView::tr("the one side has no label %1 to copy").arg(p.value(0));
    }
    return {};
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
    if (stackChanged)
        m_run.reset(); // it asks the stack that goes
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
    m_run.reset();
    m_items.clear();
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
    Config::ExpressionRun::Options options;
    options.timeMs = QDateTime::currentMSecsSinceEpoch();
    m_run = std::make_unique<Config::ExpressionRun>(m_stack->prometheus(), m_parsed.ast, options);
    connect(m_run.get(), &Config::ExpressionRun::nodeChanged, this, &ExpressionView::show);
    connect(m_run.get(), &Config::ExpressionRun::finished, this, &ExpressionView::explain);
    m_run->start();
}

void ExpressionView::show(NodeId id)
{
    QTreeWidgetItem* item = m_items.value(id);
    if (!item)
        return;
    const ThemeColors& c = Theme::instance().colors();
    const Config::NodeResult& result = m_run->result(id);
    using State = Config::NodeResult::State;
    if (result.state == State::Running) {
        item->setText(Time, u"…"_s);
    } else if (result.state == State::Failed) {
        item->setText(Time, {});
        item->setText(Values, errorTitle(result.error));
        item->setForeground(Values, c.error);
        item->setToolTip(Values, plainTip(errorText(result.error)));
    } else if (result.state == State::Done) {
        item->setText(Series, result.text.isEmpty() ? QString::number(result.seriesCount) : QString());
        item->setTextAlignment(Series, Qt::AlignRight | Qt::AlignVCenter);
        item->setText(Time, u"%1 ms"_s.arg(result.seconds * 1000, 0, 'f', result.seconds < 0.01 ? 1 : 0));
        item->setTextAlignment(Time, Qt::AlignRight | Qt::AlignVCenter);
        QString summary = result.text.isEmpty() ? labelsSummary(result) : result.text;
        if (result.result && result.result->series.size() == 1 && result.text.isEmpty())
            summary = QString::number(lastOf(result.result->series.front()), 'g', 6) + (summary.isEmpty() ? QString() : u"   "_s + summary);
        if (result.seriesCount == 0 && result.text.isEmpty())
            summary = tr("nothing");
        item->setText(Values, summary);
        item->setToolTip(Values, plainTip(summary));
        item->setData(Part, Qt::ForegroundRole, result.seriesCount == 0 && result.text.isEmpty() ? QVariant(c.warning) : QVariant());
    }
    if (m_tree->currentItem() == item)
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
    if (const auto answer = m_run ? m_run->result(id).result : nullptr) {
        const std::vector<SeriesData>& all = answer->series;
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
    const Node& node = m_parsed.ast.at(id);
    const auto left = m_run ? m_run->result(node.lhs).result : nullptr;
    const auto right = m_run ? m_run->result(node.rhs).result : nullptr;
    if (!left || !right)
        return m_stack ? tr("Waiting for both sides…") : QString();
    const MatchExplanation found = m_run->explain(id);
    QStringList lines;
    lines << (found.rule.isEmpty() ? tr("Series meet where all labels are the same.") : tr("Series meet %1.").arg(found.rule));
    const auto lonelyOf = [&found](bool isLeft) {
        return std::count_if(found.lonely.begin(), found.lonely.end(), [isLeft](const MatchedSeries& one) { return one.isLeft == isLeft; });
    };
    lines << tr("%1 results; %2 of %3 on the left and %4 of %5 on the right have no partner.")
                 .arg(found.resultCount)
                 .arg(lonelyOf(true))
                 .arg(left->series.size())
                 .arg(lonelyOf(false))
                 .arg(right->series.size());
    for (const MatchNote& note : found.notes)
        lines << (note.isError ? u"✗ "_s : u"• "_s) + noteText(note);
    int shown = 0;
    for (const MatchedSeries& one : found.lonely) {
        if (++shown > 40) {
            lines << tr("… and %1 more without a partner").arg(found.lonely.size() - 40);
            break;
        }
        const std::vector<SeriesData>& own = one.isLeft ? left->series : right->series;
        lines << u"✗ %1 %2"_s.arg(one.isLeft ? tr("left") : tr("right"), seriesText(own[one.index].labels));
        for (const MatchNote& note : one.notes)
            lines << u"      "_s + noteText(note);
    }
    shown = 0;
    for (const MatchGroup& group : found.groups) {
        if (++shown > 40) {
            lines << tr("… and %1 more that met").arg(found.groups.size() - 40);
            break;
        }
        lines << u"✓ "_s + seriesText(group.key);
        for (const MatchGroup::Output& output : group.outputs) {
            for (const MatchNote& note : output.notes) {
                if (const QString said = noteText(note); !said.isEmpty())
                    lines << u"      "_s + said;
            }
        }
    }
    return lines.join(u'\n');
}

} // namespace Promdeck
