#include "widgets/workbench/backtestview.h"

#include "models/core/duration.h"
#include "models/query/timegrammar.h"
#include "widgets/common/errortext.h"
#include "widgets/common/theme.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QCoroTask>
#include <QDateTime>
#include <QFormLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck {

using namespace Config;

namespace {

constexpr int kAskDelayMs = 400;
constexpr qint64 kMostPoints = 10000; // the server's limit is 11,000
constexpr size_t kMostCurves = 40;
constexpr size_t kMostRows = 8;
constexpr int kRowHeight = 18;
constexpr int kGrab = 6; // px above and below the threshold
constexpr qint64 kMinute = 60000;
/// Steps of the slider for `for`.
constexpr qint64 kForSteps[] {0, kMinute, 2 * kMinute, 3 * kMinute, 5 * kMinute, 10 * kMinute, 15 * kMinute, 20 * kMinute, 30 * kMinute, 45 * kMinute, 60 * kMinute,
                              90 * kMinute, 120 * kMinute, 180 * kMinute, 240 * kMinute, 360 * kMinute, 720 * kMinute, 1440 * kMinute};

QString number(double value)
{
    return QString::number(value, 'g', 6);
}

/// 1, 2 or 5 times a power of ten, at least as large.
double niceStep(double rough)
{
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (power * factor >= rough)
            return power * factor;
    }
    return power * 10;
}

std::string durationText(qint64 ms)
{
    std::string out;
    for (const auto& [unit, size] : {std::pair("d", 86400000LL), std::pair("h", 3600000LL), std::pair("m", 60000LL), std::pair("s", 1000LL)}) {
        if (ms >= size) {
            out += std::to_string(ms / size) + unit;
            ms %= size;
        }
    }
    return out.empty() ? "0s" : out;
}

QString seriesText(const Labels& labels)
{
    QStringList parts;
    for (const auto& [name, value] : labels) {
        if (name != u"__name__")
            parts << u"%1=\"%2\""_s.arg(name, value);
    }
    return parts.isEmpty() ? u"{}"_s : parts.join(u", ");
}

QColor curveColor(size_t index)
{
    static constexpr QRgb colors[] {0xff73bf69, 0xff5794f2, 0xfffade2a, 0xffb877d9, 0xff8ab8ff, 0xff96d98d, 0xffff9830, 0xffca95e5};
    static constexpr QRgb light[] {0xff37872d, 0xff1f60c4, 0xffb58b00, 0xff8f3bb8, 0xff3274d9, 0xff56a64b, 0xfffa6400, 0xffa352cc};
    return QColor(Theme::instance().isDark() ? colors[index % 8] : light[index % 8]);
}

} // namespace

BacktestChart::BacktestChart(QWidget* parent) : QWidget(parent)
{
    setObjectName(u"backtestChart"_s);
    setAccessibleName(tr("Expression with threshold; Up and Down move it"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setMinimumSize(260, 220);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

QRect BacktestChart::plotRect() const
{
    const int rows = int(std::min(kMostRows, std::max<size_t>(1, m_periods.empty() ? 1 : m_periods.size())));
    return rect().adjusted(54, 10, -12, -(30 + 12 + rows * kRowHeight));
}

void BacktestChart::setData(std::shared_ptr<const QueryResult> result, qint64 startMs, qint64 endMs)
{
    m_result = std::move(result);
    m_startMs = startMs;
    m_endMs = std::max(endMs, startMs + 1);
    m_message.clear();
    rescale();
    update();
}

void BacktestChart::setThreshold(std::optional<BacktestRule::Threshold> threshold)
{
    m_threshold = threshold;
    if (!m_dragging)
        rescale();
    update();
}

void BacktestChart::setPeriods(std::vector<AlertPeriod> periods)
{
    m_periods = std::move(periods);
    update();
}

void BacktestChart::setMessage(const QString& message)
{
    m_message = message;
    update();
}

void BacktestChart::rescale()
{
    double low = INFINITY;
    double high = -INFINITY;
    if (m_result) {
        for (const SeriesData& series : m_result->series) {
            for (const double value : series.values.numbers()) {
                if (std::isfinite(value)) {
                    low = std::min(low, value);
                    high = std::max(high, value);
                }
            }
        }
    }
    if (m_threshold && std::isfinite(m_threshold->value)) {
        low = std::min(low, m_threshold->value);
        high = std::max(high, m_threshold->value);
    }
    if (!(low <= high)) {
        low = 0;
        high = 1;
    }
    if (low > 0 && low < high / 2)
        low = 0;
    const double room = high > low ? (high - low) * 0.08 : std::max(1.0, std::abs(high) * 0.1);
    m_low = low == 0 ? 0 : low - room;
    m_high = high + room;
}

int BacktestChart::yOf(double value) const
{
    const QRect plot = plotRect();
    const double part = (value - m_low) / (m_high - m_low);
    return int(std::lround(plot.bottom() - std::clamp(part, -0.5, 1.5) * plot.height()));
}

double BacktestChart::valueAt(int y) const
{
    const QRect plot = plotRect();
    const double exact = m_low + double(plot.bottom() - y) / std::max(1, plot.height()) * (m_high - m_low);
    // As many digits as a pixel is worth.
    const double step = std::pow(10.0, std::floor(std::log10((m_high - m_low) / std::max(1, plot.height()))));
    return std::round(exact / step) * step;
}

double BacktestChart::xOf(qint64 timeMs) const
{
    const QRect plot = plotRect();
    return plot.left() + double(timeMs - m_startMs) / double(m_endMs - m_startMs) * plot.width();
}

void BacktestChart::paintCurves(QPainter& painter, const QRect& plot) const
{
    size_t index = 0;
    for (const SeriesData& series : m_result->series) {
        if (index >= kMostCurves)
            break;
        const Column::Times& times = series.times.times();
        const Column::Numbers& values = series.values.numbers();
        // The lowest and highest value of each pixel column is all that can be seen.
        QPainterPath path;
        int column = INT_MIN;
        double low = 0;
        double high = 0;
        bool open = false;
        qint64 before = 0;
        const qint64 gap = std::max<qint64>(5 * kMinute, (m_endMs - m_startMs) / 500 * 3);
        const auto flush = [&] {
            if (column == INT_MIN)
                return;
            const QPointF top(column, yOf(high));
            open ? path.lineTo(top) : path.moveTo(top);
            if (yOf(low) != yOf(high))
                path.lineTo(column, yOf(low));
            open = true;
        };
        for (size_t i = 0; i < times.size() && i < values.size(); ++i) {
            if (!std::isfinite(values[i]))
                continue;
            const int x = int(xOf(times[i]));
            if (x != column) {
                flush();
                if (before && times[i] - before > gap)
                    open = false;
                column = x;
                low = high = values[i];
            }
            low = std::min(low, values[i]);
            high = std::max(high, values[i]);
            before = times[i];
        }
        flush();
        painter.setPen(QPen(curveColor(index), 1.3));
        painter.setBrush(Qt::NoBrush);
        painter.save();
        painter.setClipRect(plot.adjusted(0, -1, 1, 1));
        painter.drawPath(path);
        painter.restore();
        ++index;
    }
}

void BacktestChart::paintPeriods(QPainter& painter, const QRect& area) const
{
    const ThemeColors& c = Theme::instance().colors();
    std::vector<Labels> rows;
    for (const AlertPeriod& period : m_periods) {
        auto row = std::find(rows.begin(), rows.end(), period.labels);
        if (row == rows.end()) {
            if (rows.size() == kMostRows)
                continue;
            row = rows.insert(rows.end(), period.labels);
        }
        const int y = area.top() + int(row - rows.begin()) * kRowHeight;
        const auto bar = [&](qint64 from, qint64 to, const QColor& color) {
            const double left = xOf(from);
            const QRectF box(left, y + 3, std::max(2.0, xOf(to) - left), kRowHeight - 7);
            painter.setPen(Qt::NoPen);
            painter.setBrush(color);
            painter.drawRoundedRect(box, 2, 2);
        };
        bar(period.activeMs, period.firingMs.value_or(period.endMs), withAlpha(c.warning, 0.75));
        if (period.firingMs)
            bar(*period.firingMs, period.endMs, c.error);
    }
    painter.setPen(c.textSecondary);
    const QFontMetrics metrics(font());
    for (size_t i = 0; i < rows.size(); ++i) {
        // The names stand in the row, where no bar hides them.
        const QRect line(area.left(), area.top() + int(i) * kRowHeight, area.width(), kRowHeight);
        const QString name = metrics.elidedText(seriesText(rows[i]), Qt::ElideMiddle, area.width() / 2);
        const QRect box = QRect(line.left() + 4, line.top() + 1, metrics.horizontalAdvance(name) + 8, kRowHeight - 3);
        painter.fillRect(box, withAlpha(c.panel, 0.72));
        painter.setPen(c.text);
        painter.drawText(box, Qt::AlignCenter, name);
    }
    if (rows.empty()) {
        painter.drawText(area, Qt::AlignLeft | Qt::AlignTop, tr("Would not have fired"));
    }
}

void BacktestChart::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const ThemeColors& c = Theme::instance().colors();
    painter.fillRect(rect(), c.panel);
    if (!m_result || !m_message.isEmpty()) {
        painter.setPen(c.textSecondary);
        painter.drawText(rect().adjusted(20, 20, -20, -20), int(Qt::AlignCenter) | Qt::TextWordWrap, m_message.isEmpty() ? tr("Nothing asked yet") : m_message);
        return;
    }
    const QRect plot = plotRect();
    painter.setPen(c.borderWeak);
    const double step = niceStep((m_high - m_low) / std::max(2, plot.height() / 60));
    for (double at = std::ceil(m_low / step) * step; at <= m_high; at += step) {
        const int y = yOf(at);
        painter.setPen(c.borderWeak);
        painter.drawLine(plot.left(), y, plot.right(), y);
        painter.setPen(c.textSecondary);
        painter.drawText(QRect(0, y - 9, plot.left() - 6, 18), Qt::AlignRight | Qt::AlignVCenter, number(std::abs(at) < step / 1000 ? 0 : at));
    }
    const bool days = m_endMs - m_startMs > 36LL * 3600000;
    const int ticks = std::max(2, plot.width() / 110);
    for (int i = 0; i <= ticks; ++i) {
        const qint64 at = m_startMs + (m_endMs - m_startMs) * i / ticks;
        const int x = int(xOf(at));
        const QString label = QDateTime::fromMSecsSinceEpoch(at).toString(days ? u"MM-dd hh:mm"_s : u"hh:mm"_s);
        const int width = fontMetrics().horizontalAdvance(label) + 6;
        painter.drawText(QRect(std::clamp(x - width / 2, plot.left() - 20, plot.right() - width + 10), plot.bottom() + 4, width, 18), Qt::AlignCenter, label);
    }
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_threshold) {
        // The side that fires.
        const int y = yOf(m_threshold->value);
        const bool above = m_threshold->op == Promql::Tok::Gtr || m_threshold->op == Promql::Tok::Gte;
        const bool below = m_threshold->op == Promql::Tok::Lss || m_threshold->op == Promql::Tok::Lte;
        if (above)
            painter.fillRect(QRect(plot.left(), plot.top(), plot.width(), std::max(0, y - plot.top())), withAlpha(c.error, 0.07));
        else if (below)
            painter.fillRect(QRect(plot.left(), y, plot.width(), std::max(0, plot.bottom() - y)), withAlpha(c.error, 0.07));
    }
    paintCurves(painter, plot);
    if (m_threshold) {
        const int y = yOf(m_threshold->value);
        painter.setPen(QPen(c.error, m_dragging ? 2.5 : 1.6, Qt::DashLine));
        painter.drawLine(plot.left(), y, plot.right(), y);
        const QString label = number(m_threshold->value);
        const int width = fontMetrics().horizontalAdvance(label) + 12;
        const QRect tag(plot.right() - width, y - 9, width, 18);
        painter.setPen(Qt::NoPen);
        painter.setBrush(c.error);
        painter.drawRoundedRect(tag, 3, 3);
        painter.setPen(readableOn(c.error));
        painter.drawText(tag, Qt::AlignCenter, label);
    }
    paintPeriods(painter, QRect(plot.left(), plot.bottom() + 34, plot.width(), rect().bottom() - plot.bottom() - 36));
}

void BacktestChart::dragTo(int y)
{
    if (!m_threshold)
        return;
    const double value = valueAt(y);
    m_threshold->value = value;
    Q_EMIT thresholdDragged(value);
    update();
}

void BacktestChart::mousePressEvent(QMouseEvent* event)
{
    const int y = int(event->position().y());
    if (event->button() == Qt::LeftButton && m_threshold && std::abs(y - yOf(m_threshold->value)) <= kGrab)
        m_dragging = true;
}

void BacktestChart::mouseMoveEvent(QMouseEvent* event)
{
    const int y = int(event->position().y());
    if (m_dragging)
        dragTo(y);
    else
        setCursor(m_threshold && std::abs(y - yOf(m_threshold->value)) <= kGrab ? Qt::SizeVerCursor : Qt::ArrowCursor);
}

void BacktestChart::mouseReleaseEvent(QMouseEvent*)
{
    m_dragging = false;
    update();
}

void BacktestChart::keyPressEvent(QKeyEvent* event)
{
    const int step = event->modifiers() & Qt::ShiftModifier ? 10 : 2;
    if (m_threshold && event->key() == Qt::Key_Up)
        dragTo(yOf(m_threshold->value) - step);
    else if (m_threshold && event->key() == Qt::Key_Down)
        dragTo(yOf(m_threshold->value) + step);
    else
        QWidget::keyPressEvent(event);
}

// --- the view --------------------------------------------------------------------------------------------

BacktestView::BacktestView(QWidget* parent)
    : WorkbenchTool(parent)
    , m_title(new QLabel(this))
    , m_summary(new QLabel(this))
    , m_range(new QComboBox(this))
    , m_forSlider(new QSlider(Qt::Horizontal, this))
    , m_for(new QLineEdit(this))
    , m_threshold(new QLineEdit(this))
    , m_write(new QPushButton(tr("Write back"), this))
    , m_chart(new BacktestChart(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 8, 10, 8);
    m_title->setObjectName(u"backtestTitle"_s);
    m_title->setTextFormat(Qt::PlainText);
    m_title->setWordWrap(true);
    column->addWidget(m_title);
    auto* form = new QFormLayout;
    m_range->setObjectName(u"backtestRange"_s);
    for (const auto& [label, hours] : {std::pair(tr("Last 6 hours"), 6), std::pair(tr("Last day"), 24), std::pair(tr("Last 7 days"), 168), std::pair(tr("Last 30 days"), 720)})
        m_range->addItem(label, hours);
    m_range->setCurrentIndex(1);
    m_forSlider->setObjectName(u"backtestForSlider"_s);
    m_forSlider->setAccessibleName(tr("for"));
    m_forSlider->setRange(0, int(std::size(kForSteps)) - 1);
    m_for->setObjectName(u"backtestFor"_s);
    m_for->setMaximumWidth(90);
    m_threshold->setObjectName(u"backtestThreshold"_s);
    m_threshold->setMaximumWidth(140);
    m_write->setObjectName(u"backtestWrite"_s);
    m_write->setToolTip(tr("Writes threshold and “for” into the rule"));
    auto* forRow = new QHBoxLayout;
    forRow->addWidget(m_for);
    forRow->addWidget(m_forSlider, 1);
    form->addRow(tr("Range"), m_range);
    form->addRow(tr("for"), forRow);
    auto* thresholdRow = new QHBoxLayout;
    thresholdRow->addWidget(m_threshold);
    thresholdRow->addStretch(1);
    thresholdRow->addWidget(m_write);
    form->addRow(tr("Threshold"), thresholdRow);
    column->addLayout(form);
    m_summary->setObjectName(u"backtestSummary"_s);
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setWordWrap(true);
    column->addWidget(m_summary);
    column->addWidget(m_chart, 1);
    m_askTimer.setSingleShot(true);
    m_askTimer.setInterval(kAskDelayMs);
    connect(&m_askTimer, &QTimer::timeout, this, &BacktestView::ask);
    connect(m_range, &QComboBox::currentIndexChanged, this, &BacktestView::ask);
    connect(m_forSlider, &QSlider::valueChanged, this, [this](int step) { setForMs(kForSteps[step]); });
    connect(m_for, &QLineEdit::textEdited, this, [this](const QString& text) {
        if (const auto ms = parsePrometheusDuration(text.toStdString())) {
            m_test.forMs = *ms;
            compute();
        }
    });
    const auto setThreshold = [this](double value) {
        if (!m_test.threshold)
            return;
        m_test.threshold->value = value;
        m_chart->setThreshold(m_test.threshold);
        compute();
    };
    connect(m_threshold, &QLineEdit::textEdited, this, [setThreshold](const QString& text) {
        bool ok = false;
        const double value = text.toDouble(&ok);
        if (ok)
            setThreshold(value);
    });
    connect(m_chart, &BacktestChart::thresholdDragged, this, [this](double value) {
        if (!m_test.threshold)
            return;
        m_test.threshold->value = value;
        m_threshold->setText(number(value));
        compute();
    });
    connect(m_write, &QPushButton::clicked, this, &BacktestView::writeBack);
    m_write->setEnabled(false);
}

BacktestView::~BacktestView() = default;

QString BacktestView::summary() const
{
    return m_summary->text();
}

void BacktestView::follow(const ToolContext& context)
{
    const bool stackChanged = context.stack != m_stack;
    m_stack = context.stack;
    if (context.kind != FileKind::Rules) {
        if (!m_rule)
            m_chart->setMessage(tr("Put the cursor into an alerting rule."));
        return;
    }
    m_text = context.text;
    m_offset = context.offset;
    const YamlDocument document = YamlDocument::parse({context.text.constData(), size_t(context.text.size())});
    const std::optional<RuleAt> rule = document.ok() ? ruleAt(document, context.offset) : std::nullopt;
    if (!rule || !rule->isAlert) {
        if (!m_rule)
            m_chart->setMessage(tr("Put the cursor into an alerting rule."));
        return;
    }
    const bool same = m_rule && m_rule->name == rule->name && m_rule->expression == rule->expression && m_rule->forText == rule->forText
        && m_rule->keepFiringText == rule->keepFiringText && m_rule->groupInterval == rule->groupInterval;
    m_rule = rule;
    if (same && !stackChanged)
        return;
    m_title->setText(QString::fromStdString(rule->name));
    m_parts = splitThreshold(rule->expression);
    m_test = {};
    m_test.forMs = parsePrometheusDuration(rule->forText).value_or(0);
    m_test.keepFiringMs = parsePrometheusDuration(rule->keepFiringText).value_or(0);
    if (m_parts)
        m_test.threshold = m_parts->threshold;
    setForMs(m_test.forMs);
    m_threshold->setEnabled(m_parts.has_value());
    m_threshold->setText(m_parts ? number(m_parts->threshold.value) : QString());
    m_threshold->setPlaceholderText(tr("no number to compare with"));
    m_chart->setThreshold(m_test.threshold);
    const std::string wanted = m_parts ? m_parts->left : rule->expression;
    if (wanted == m_asked && m_result && !stackChanged)
        compute(); // only the number is another one
    else
        m_askTimer.start();
}

void BacktestView::setForMs(qint64 ms)
{
    m_test.forMs = ms;
    const QSignalBlocker block(m_forSlider);
    int step = 0;
    for (int i = 0; i < int(std::size(kForSteps)); ++i) {
        if (kForSteps[i] <= ms)
            step = i;
    }
    m_forSlider->setValue(step);
    m_for->setText(QString::fromStdString(durationText(ms)));
    compute();
}

void BacktestView::ask()
{
    if (!m_rule)
        return;
    if (!m_stack) {
        m_result.reset();
        m_chart->setMessage(tr("Connect a stack to see what this rule would have done."));
        return;
    }
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const qint64 span = m_range->currentData().toLongLong() * 3600000;
    const qint64 interval = std::max<qint64>(1000, parsePrometheusDuration(m_rule->groupInterval).value_or(kMinute));
    // As often as the rule is evaluated; in long ranges as often as the server gives at once.
    m_stepMs = std::max(interval, (span / kMostPoints + 999) / 1000 * 1000);
    m_endMs = now / m_stepMs * m_stepMs;
    m_startMs = m_endMs - span / m_stepMs * m_stepMs;
    const std::string expression = m_parts ? m_parts->left : m_rule->expression;
    const quint64 turn = ++m_turn;
    ++m_queries;
    m_chart->setMessage(tr("Asking %1…").arg(m_stack->profile().name));
    QCoro::connect(m_stack->prometheus().queryRange(QString::fromStdString(expression), m_startMs, m_endMs, m_stepMs), this,
                   [this, turn, expression](const Result<QueryAnswer>& answer) {
                       if (turn != m_turn)
                           return;
                       if (!answer.ok()) {
                           m_result.reset();
                           m_chart->setMessage(errorText(answer.error()));
                           m_summary->clear();
                           return;
                       }
                       m_asked = expression;
                       m_result = std::make_shared<const QueryResult>(answer->result);
                       m_chart->setData(m_result, m_startMs, m_endMs);
                       m_chart->setThreshold(m_test.threshold);
                       compute();
                   });
}

void BacktestView::compute()
{
    if (!m_rule)
        return;
    const qint64 wasFor = parsePrometheusDuration(m_rule->forText).value_or(0);
    const bool changed = m_test.forMs != wasFor || (m_parts && m_test.threshold && m_test.threshold->value != m_parts->threshold.value);
    m_write->setEnabled(changed);
    if (!m_result)
        return;
    std::vector<AlertPeriod> periods = backtest(*m_result, m_test, m_startMs, m_endMs, m_stepMs);
    int fired = 0;
    qint64 firing = 0;
    int pending = 0;
    for (const AlertPeriod& period : periods) {
        if (period.firingMs) {
            ++fired;
            firing += period.endMs - *period.firingMs;
        } else {
            ++pending;
        }
    }
    QString text = fired == 0 ? tr("Would not have fired") : fired == 1 ? tr("Would have fired once, for %1").arg(QString::fromStdString(durationText(firing)))
                                                                         : tr("Would have fired %1 times, for %2 in all").arg(fired).arg(QString::fromStdString(durationText(firing)));
    if (pending > 0)
        text += pending == 1 ? tr("; pending once without firing") : tr("; pending %1 times without firing").arg(pending);
    text += tr(". %1 series, every %2.").arg(m_result->series.size()).arg(QString::fromStdString(durationText(m_stepMs)));
    m_summary->setText(text);
    m_chart->setPeriods(std::move(periods));
}

void BacktestView::writeBack()
{
    if (!m_rule)
        return;
    const std::string_view text(m_text.constData(), size_t(m_text.size()));
    TextEdits edits;
    if (m_test.forMs != parsePrometheusDuration(m_rule->forText).value_or(0)) {
        if (const auto more = editRuleFor(text, m_rule->offset, durationText(m_test.forMs)))
            edits.insert(edits.end(), more->begin(), more->end());
    }
    if (m_parts && m_test.threshold && m_test.threshold->value != m_parts->threshold.value) {
        const auto more = editRuleExpression(text, m_rule->offset, m_parts->numberRange.start, m_parts->numberRange.end, number(m_test.threshold->value).toStdString());
        if (more)
            edits.insert(edits.end(), more->begin(), more->end());
    }
    if (!edits.empty())
        Q_EMIT editWanted(edits);
}

} // namespace Promdeck
