#include "widgets/panels/logsbody.h"

#include "models/loki/logtail.h"
#include "models/plotmath/timeticks.h"
#include "models/query/otherqueries.h"
#include "widgets/common/errortext.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"
#include "widgets/panels/logcontext.h"
#include "widgets/panels/logdetails.h"
#include "widgets/panels/logtoolbar.h"
#include "widgets/panels/logview.h"

#include <QBoxLayout>
#include <QCoroTask>
#include <QDateTime>
#include <QHelpEvent>
#include <QLabel>
#include <QSplitter>
#include <QToolButton>
#include <QToolTip>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kPage = 1000;
constexpr size_t kMostRows = 20'000; ///< live lines push the oldest ones out
constexpr int kArrivalMs = 150;      ///< live lines are shown this often at most
constexpr int kRoomForTools = 150;
constexpr qint64 kNsPerMs = 1'000'000;

QString labelText(const Labels& labels)
{
    QStringList parts;
    for (const auto& [name, value] : labels)
        parts << name + u'=' + value;
    return parts.join(u' ');
}

/// Whether a panel's queries may have left lines out.
bool isFull(const PanelSpec& spec, size_t rows)
{
    qint64 limit = kPage;
    for (const Target& target : spec.targets)
        limit = std::min(limit, target.raw[u"maxLines"].toInt(kPage));
    return rows > 0 && qint64(rows) >= limit;
}

} // namespace

LogsBody::LogsBody(QWidget* parent)
    : PanelBody(parent)
    , m_base(std::make_shared<const std::vector<LogRow>>())
    , m_more(m_base)
    , m_common(new QLabel(this))
    , m_toolbar(new LogToolbar(this))
    , m_view(new LogView(this))
    , m_details(new LogDetails(this))
    , m_note(new QLabel(this))
    , m_older(new QToolButton(this))
    , m_all(new QToolButton(this))
{
    m_common->setObjectName(u"commonLabels"_s);
    m_common->setForegroundRole(QPalette::PlaceholderText);
    m_common->setTextFormat(Qt::PlainText);
    m_common->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_common->hide();
    m_view->setObjectName(u"logView"_s);
    m_view->viewport()->installEventFilter(this);
    m_note->setObjectName(u"logNote"_s);
    m_note->setForegroundRole(QPalette::PlaceholderText);
    m_note->setTextFormat(Qt::PlainText);
    m_note->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_older->setObjectName(u"logOlder"_s);
    m_older->setText(tr("Older lines"));
    m_older->setAutoRaise(true);
    m_all->setObjectName(u"logShowAll"_s);
    m_all->setText(tr("Show all"));
    m_all->setAutoRaise(true);
    auto* parts = new QSplitter(Qt::Vertical, this);
    parts->setChildrenCollapsible(false);
    parts->addWidget(m_view);
    parts->addWidget(m_details);
    parts->setStretchFactor(0, 1);
    m_details->hide();
    auto* foot = new QHBoxLayout;
    foot->setSpacing(4);
    foot->addWidget(m_note, 1);
    foot->addWidget(m_all);
    foot->addWidget(m_older);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(m_toolbar);
    all->addWidget(m_common);
    all->addWidget(parts, 1);
    all->addLayout(foot);
    setFocusProxy(m_view);
    m_arrival.setSingleShot(true);
    m_arrival.setInterval(kArrivalMs);
    connect(&m_arrival, &QTimer::timeout, this, [this] {
        auto rows = std::make_shared<std::vector<LogRow>>(*m_more);
        mergeLogRows(*rows, std::exchange(m_arrived, {}));
        if (rows->size() > kMostRows) {
            std::stable_sort(rows->begin(), rows->end(), [](const LogRow& a, const LogRow& b) { return a.timeNs > b.timeNs; });
            rows->resize(kMostRows);
        }
        m_more = std::move(rows);
        arrange();
    });
    connect(m_toolbar, &LogToolbar::changed, this, &LogsBody::viewChanged);
    connect(m_toolbar, &LogToolbar::followRequested, this, &LogsBody::follow);
    connect(m_older, &QToolButton::clicked, this, &LogsBody::askOlder);
    connect(m_all, &QToolButton::clicked, m_toolbar, &LogToolbar::clear);
    connect(m_view, &LogView::endReached, this, [this](bool bottom) {
        if (bottom != m_model.ascending)
            askOlder();
    });
    connect(m_view, &LogView::rowPicked, this, &LogsBody::showRow);
    connect(m_view, &LogView::escaped, this, &LogsBody::closeDetails);
    connect(m_view, &LogView::rowHovered, this, [this](int row) {
        if (row >= 0)
            Q_EMIT hovered(m_model.rows[size_t(row)].timeMs);
        else if (m_picked)
            Q_EMIT timePicked(m_picked->timeMs);
        else
            Q_EMIT hovered(std::nullopt);
    });
    connect(m_details, &LogDetails::closed, this, &LogsBody::closeDetails);
    connect(m_details, &LogDetails::contextRequested, this, &LogsBody::showContext);
    connect(m_details, &LogDetails::filterRequested, m_toolbar, &LogToolbar::addFilter);
}

LogsBody::~LogsBody() = default;

QPlainTextEdit* LogsBody::view() const
{
    return m_view;
}

int LogsBody::rowAt(QPoint position) const
{
    return m_view->rowAt(position);
}

bool LogsBody::isEmpty() const
{
    // Lines that the reader's own conditions hide are no "no lines".
    return m_base->empty() && m_more->empty() && m_tails.empty() && m_shown.filters.empty();
}

void LogsBody::setInput(const PanelInput& input)
{
    const bool same = m_input.data && m_input.spec.targets.size() == input.spec.targets.size() && expressions().size() > 0;
    const QStringList before = same ? expressions() : QStringList();
    const TimeRange range = m_input.data ? m_input.data->range : TimeRange {};
    m_input = input;
    // Pages of another query, or of a range that was left, are nothing to this one.
    if (before != expressions() || range.fromMs > input.data->range.toMs || range.toMs < input.data->range.fromMs) {
        ++m_turn;
        m_asking = 0;
        m_more = std::make_shared<const std::vector<LogRow>>();
        m_noOlder = false;
        m_problem.clear();
        closeDetails();
        if (!m_tails.empty())
            follow(true);
    }
    const bool pretty = input.spec.options[u"prettifyLogMessage"].toBool();
    compute([data = input.data, pretty] { return std::make_shared<const std::vector<LogRow>>(logRows(data->frames, pretty)); },
            [this](Rows rows) {
                m_base = std::move(rows);
                arrange();
                if (!m_toolbar->view().filters.empty())
                    askFiltered();
            });
}

void LogsBody::arrange()
{
    compute(
        [base = m_base, more = m_more, spec = m_input.spec, view = m_toolbar->view()] {
            std::vector<LogRow> rows = *base;
            mergeLogRows(rows, *more);
            return std::make_shared<LogsModel>(logsModel(spec, std::move(rows), view));
        },
        [this, view = m_toolbar->view()](const std::shared_ptr<LogsModel>& model) {
            m_shown = view;
            render(std::move(*model));
        });
}

QString LogsBody::timeOf(const LogRow& row) const
{
    return timeText(row.timeMs, timeZoneByName(m_input.context.timeZone), u"yyyy-MM-dd HH:mm:ss.zzz"_s);
}

void LogsBody::render(LogsModel model)
{
    m_model = std::move(model);
    m_view->setWrapped(m_model.wrap);
    std::vector<LogView::Line> lines;
    lines.reserve(m_model.rows.size());
    const QTimeZone zone = timeZoneByName(m_input.context.timeZone);
    for (const LogRow& row : m_model.rows) {
        const QString time = m_model.showTime ? timeText(row.timeMs, zone, u"yyyy-MM-dd HH:mm:ss.zzz"_s) : QString();
        lines.push_back(LogView::lineOf(row, m_model, time));
    }
    QList<QRegularExpression> searched;
    const QStringList asked = expressions();
    for (const QString& expr : asked) {
        for (const QString& text : searchedTexts(expr))
            searched << QRegularExpression(text, QRegularExpression::UseUnicodePropertiesOption);
    }
    if (!m_shown.text.isEmpty())
        searched << logTextPattern(m_shown.text);
    searched.removeIf([](const QRegularExpression& pattern) { return !pattern.isValid() || pattern.pattern().isEmpty(); });
    m_view->setSearched(searched);
    m_view->setLines(std::move(lines), m_model.ascending);
    markRow(false);
    m_common->setText(tr("Common labels: %1").arg(labelText(m_model.commonLabels)));
    m_common->setVisible(m_model.showCommonLabels && !m_model.commonLabels.isEmpty());
    m_toolbar->setModel(m_model, m_input.loki && !asked.isEmpty());
    updateNote();
    setAccessibleDescription(tr("%n log lines", nullptr, int(m_model.rows.size())));
}

void LogsBody::updateNote()
{
    QStringList parts;
    int shown = 0;
    for (const LogRow& row : m_model.rows)
        shown += 1 + row.duplicates;
    if (shown < m_model.total)
        parts << tr("%1 of %2 lines").arg(shown).arg(m_model.total);
    for (const LogTail* tail : m_tails) {
        switch (tail->state()) {
        case LogTail::State::Connecting: parts << tr("Connecting…"); break;
        case LogTail::State::Live: parts << tr("Live"); break;
        case LogTail::State::Polling: parts << tr("Live, asked for every two seconds"); break;
        case LogTail::State::Failed: parts << tr("Not live: %1").arg(errorTitle(*tail->error())); break;
        }
        if (tail->dropped() > 0)
            parts << tr("%n lines were too many for the server to send", nullptr, tail->dropped());
    }
    if (m_asking > 0)
        parts << tr("Asking for lines…");
    if (!m_problem.isEmpty())
        parts << m_problem;
    const bool older = m_input.loki && !expressions().isEmpty() && !m_noOlder && m_asking == 0
        && (isFull(m_input.spec, m_base->size()) || !m_shown.filters.empty());
    m_older->setVisible(older);
    m_all->setVisible(m_model.rows.empty() && m_model.total + int(m_shown.filters.size()) > 0);
    m_note->setText(parts.join(u" · "_s));
    m_note->setToolTip(plainTip(m_note->text()));
    m_note->setVisible(!parts.isEmpty() || older || m_all->isVisibleTo(this));
}

void LogsBody::viewChanged()
{
    const bool asks = m_toolbar->view().filters != m_shown.filters;
    arrange();
    if (!asks)
        return;
    m_noOlder = false;
    if (!m_toolbar->view().filters.empty())
        askFiltered();
    if (!m_tails.empty())
        follow(true);
}

QStringList LogsBody::expressions() const
{
    QStringList all;
    if (!m_input.data)
        return all;
    for (const SentQuery& query : m_input.data->queries) {
        if (isLogQuery(query.expr) && query.apiPath.isEmpty())
            all << withLogFilters(query.expr, m_toolbar->view().filters);
    }
    return all;
}

void LogsBody::addRows(const LogAnswer& answer)
{
    auto rows = std::make_shared<std::vector<LogRow>>(*m_more);
    const bool pretty = m_input.spec.options[u"prettifyLogMessage"].toBool();
    mergeLogRows(*rows, logRows({logFrame(answer, u"A"_s, {})}, pretty));
    m_more = std::move(rows);
}

/// The lines that the panel's own query brought are few: the server knows more that meet the reader's conditions.
void LogsBody::askFiltered()
{
    if (!m_input.loki)
        return;
    const quint64 turn = ++m_turn;
    const TimeRange range = m_input.data->range;
    const QStringList asked = expressions();
    m_asking = int(asked.size());
    m_problem.clear();
    for (const QString& expr : asked) {
        QCoro::connect(m_input.loki->page(expr, range.fromMs * kNsPerMs, range.toMs * kNsPerMs, kPage, true), this,
                       [this, turn](Result<LogAnswer> answer) {
                           if (turn != m_turn)
                               return;
                           --m_asking;
                           if (answer)
                               addRows(*answer);
                           else
                               m_problem = errorTitle(answer.error());
                           arrange();
                       });
    }
    updateNote();
}

void LogsBody::askOlder()
{
    if (!m_input.loki || m_asking > 0 || m_noOlder || m_model.rows.empty() || !isFull(m_input.spec, m_base->size() + m_more->size()))
        return;
    const LogRow& oldest = m_model.ascending ? m_model.rows.front() : m_model.rows.back();
    const quint64 turn = ++m_turn;
    const QStringList asked = expressions();
    m_asking = int(asked.size());
    m_problem.clear();
    for (const QString& expr : asked) {
        // Up to and with the oldest moment: a page may have ended between two lines of it.
        QCoro::connect(m_input.loki->page(expr, m_input.data->range.fromMs * kNsPerMs, oldest.timeNs + 1, kPage, true), this,
                       [this, turn, last = oldest.timeNs](Result<LogAnswer> answer) {
                           if (turn != m_turn)
                               return;
                           --m_asking;
                           if (answer) {
                               addRows(*answer);
                               m_noOlder = std::none_of(answer->lines.begin(), answer->lines.end(),
                                                        [last](const LogLine& line) { return line.timeNs < last; });
                           } else {
                               m_problem = errorTitle(answer.error());
                           }
                           arrange();
                       });
    }
    updateNote();
}

void LogsBody::follow(bool on)
{
    for (LogTail* tail : std::exchange(m_tails, {}))
        tail->deleteLater();
    if (on && m_input.loki) {
        const qint64 from = (QDateTime::currentMSecsSinceEpoch() - 1000) * kNsPerMs;
        for (const QString& expr : expressions()) {
            auto* tail = new LogTail(m_input.loki, expr, from, this);
            m_tails.push_back(tail);
            connect(tail, &LogTail::stateChanged, this, &LogsBody::updateNote);
            connect(tail, &LogTail::arrived, this, [this](const LogAnswer& answer) {
                const bool pretty = m_input.spec.options[u"prettifyLogMessage"].toBool();
                mergeLogRows(m_arrived, logRows({logFrame(answer, u"A"_s, {})}, pretty));
                if (!m_arrival.isActive())
                    m_arrival.start();
            });
        }
    }
    m_toolbar->setFollowing(!m_tails.empty());
    updateNote();
    Q_EMIT updated();
}

void LogsBody::showRow(int row)
{
    const LogRow& one = m_model.rows[size_t(row)];
    m_picked = one;
    m_view->setMarked(row, false);
    if (m_model.details) {
        m_details->setRow(one, timeOf(one), m_input.loki && !expressions().isEmpty());
        m_details->show();
    }
    Q_EMIT timePicked(one.timeMs);
}

void LogsBody::closeDetails()
{
    m_details->hide();
    const bool picked = std::exchange(m_picked, std::nullopt).has_value();
    markRow(false);
    if (picked)
        Q_EMIT timePicked(std::nullopt);
}

void LogsBody::showContext()
{
    if (m_picked && m_input.loki)
        (new LogContext(m_input.loki, *m_picked, m_input.context.timeZone, this))->open();
}

void LogsBody::setSharedTime(std::optional<qint64> time, bool)
{
    if (time)
        m_view->setMarked(logRowAt(m_model, *time), true);
    else
        markRow(false);
}

void LogsBody::setPinnedTime(std::optional<qint64> time)
{
    if (time == m_pinned)
        return;
    m_pinned = time;
    markRow(true);
}

void LogsBody::markRow(bool reveal)
{
    const std::optional<qint64> time = m_picked ? std::optional(m_picked->timeMs) : m_pinned;
    m_view->setMarked(time ? logRowAt(m_model, *time) : -1, reveal);
}

QString LogsBody::plainText() const
{
    QStringList lines;
    for (const LogRow& row : m_model.rows)
        lines << timeOf(row) + u'\t' + logLevelName(row.level) + u'\t' + row.line;
    return lines.join(u'\n');
}

bool LogsBody::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::ToolTip || !m_model.details)
        return PanelBody::eventFilter(watched, event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int row = rowAt(help->pos());
    if (row < 0)
        return true;
    const LogRow& one = m_model.rows[size_t(row)];
    QStringList lines {timeOf(one), logLevelName(one.level)};
    for (const auto& [name, value] : one.labels)
        lines << name + u" = "_s + value;
    // Text from the outside: never to be read as markup.
    QToolTip::showText(help->globalPos(), plainTip(lines.join(u'\n')), m_view);
    return true;
}

void LogsBody::resizeEvent(QResizeEvent*)
{
    m_toolbar->setVisible(height() >= kRoomForTools);
}

} // namespace Promdeck
