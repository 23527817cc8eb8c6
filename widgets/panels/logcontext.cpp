#include "widgets/panels/logcontext.h"

#include "models/plotmath/timeticks.h"
#include "models/query/otherqueries.h"
#include "widgets/common/errortext.h"
#include "widgets/panels/logview.h"

#include <QBoxLayout>
#include <QCoroTask>
#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr int kLines = 50;
constexpr qint64 kReachMs = 6 * 3'600'000; ///< how far from the line the server looks
constexpr qint64 kNsPerMs = 1'000'000;

} // namespace

LogContext::LogContext(std::shared_ptr<LokiClient> loki, LogRow row, QString timeZone, QWidget* parent)
    : QDialog(parent)
    , m_loki(std::move(loki))
    , m_row(std::move(row))
    , m_timeZone(std::move(timeZone))
    , m_view(new LogView(this))
    , m_note(new QLabel(this))
    , m_earlier(new QPushButton(tr("Earlier lines"), this))
    , m_later(new QPushButton(tr("Later lines"), this))
{
    setObjectName(u"logContextDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Lines around %1").arg(timeText(m_row.timeMs, timeZoneByName(m_timeZone), u"yyyy-MM-dd HH:mm:ss.zzz"_s)));
    resize(900, 520);
    m_view->setObjectName(u"logContextView"_s);
    m_view->setWrapped(true);
    m_note->setObjectName(u"logContextNote"_s);
    m_note->setTextFormat(Qt::PlainText);
    m_note->setWordWrap(true);
    m_earlier->setObjectName(u"logEarlier"_s);
    m_later->setObjectName(u"logLater"_s);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->addButton(m_earlier, QDialogButtonBox::ActionRole);
    buttons->addButton(m_later, QDialogButtonBox::ActionRole);
    auto* all = new QVBoxLayout(this);
    all->addWidget(m_note);
    all->addWidget(m_view, 1);
    all->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_earlier, &QPushButton::clicked, this, [this] { ask(true); });
    connect(m_later, &QPushButton::clicked, this, [this] { ask(false); });
    m_rows = {m_row};
    render();
    m_earlier->setEnabled(false);
    m_later->setEnabled(false);
    askSelector();
}

/// A row's labels may hold what a pipeline read out of the line; only those that the server keeps name a stream.
void LogContext::askSelector()
{
    const TimeRange around {m_row.timeMs - kReachMs, m_row.timeMs + kReachMs};
    QCoro::connect(m_loki->labelNames({}, around), this, [this](Result<QStringList> names) {
        Labels kept;
        for (const auto& [name, value] : m_row.labels) {
            if (!names || names->isEmpty() || names->contains(name))
                kept.insert(name, value);
        }
        m_selector = streamSelector(kept);
        m_note->setText(m_selector);
        ask(true);
        ask(false);
    });
}

void LogContext::ask(bool before)
{
    (before ? m_earlier : m_later)->setEnabled(false);
    const auto [oldest, newest] = std::minmax_element(m_rows.begin(), m_rows.end(),
                                                      [](const LogRow& a, const LogRow& b) { return a.timeNs < b.timeNs; });
    const qint64 reach = kReachMs * kNsPerMs;
    // Lines of the same moment as the last one come again and are sorted out.
    const qint64 start = before ? oldest->timeNs - reach : newest->timeNs;
    const qint64 end = before ? oldest->timeNs + 1 : newest->timeNs + reach;
    QCoro::connect(m_loki->page(m_selector, start, end, kLines, before), this,
                   [this, before](Result<LogAnswer> answer) { take(before, answer); });
}

void LogContext::take(bool before, const Result<LogAnswer>& answer)
{
    ++m_answers;
    if (!answer) {
        m_note->setText(errorText(answer.error()));
        (before ? m_earlier : m_later)->setEnabled(true);
        return;
    }
    const size_t added = mergeLogRows(m_rows, logRows({logFrame(*answer, u"A"_s, m_selector)}, false));
    QPushButton* button = before ? m_earlier : m_later;
    button->setEnabled(added > 0);
    if (added == 0)
        button->setText(before ? tr("No earlier lines") : tr("No later lines"));
    render();
}

void LogContext::render()
{
    std::stable_sort(m_rows.begin(), m_rows.end(), [](const LogRow& a, const LogRow& b) { return a.timeNs < b.timeNs; });
    LogsModel model;
    model.showTime = true;
    std::vector<LogView::Line> lines;
    int own = -1;
    const QTimeZone zone = timeZoneByName(m_timeZone);
    for (const LogRow& row : m_rows) {
        if (row.timeNs == m_row.timeNs && row.raw == m_row.raw)
            own = int(lines.size());
        LogRow plain = row;
        plain.line = plain.raw;
        plain.duplicates = 0;
        lines.push_back(LogView::lineOf(plain, model, timeText(row.timeMs, zone, u"yyyy-MM-dd HH:mm:ss.zzz"_s)));
    }
    m_view->setLines(std::move(lines), false);
    m_view->setMarked(own, m_answers <= 2);
}

} // namespace Promdeck
