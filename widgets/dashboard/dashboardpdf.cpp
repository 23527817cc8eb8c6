#include "widgets/dashboard/dashboardpdf.h"

#include "widgets/common/theme.h"
#include "widgets/dashboard/dashboardpage.h"
#include "widgets/dashboard/dashboardview.h"
#include "widgets/dashboard/timerangetext.h"
#include "widgets/panels/painthelpers.h"
#include "widgets/panels/panelwidget.h"

#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>
#include <QTimer>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kGridWidth = 1280;   // px that one page is wide
constexpr int kHeadHeight = 44;    // px of title and range on every page
constexpr int kMaxHeight = 30000;  // px of a dashboard; see the PNG renderer
constexpr int kSettleMs = 150;     // the last repaint after the last answer
constexpr int kGiveUpMs = 60000;   // a panel that never answers is printed as it is then

/// Draws one dashboard into a file and ends itself.
class PdfJob final : public QObject
{
    Q_OBJECT
public:
    PdfJob(const DashboardSession& shown, QString path, std::function<void(const Status&)> done, QObject* context)
        : QObject(context), m_session(shown.dashboard(), shown.stack()), m_path(std::move(path)), m_done(std::move(done))
    {
        QHash<QString, QStringList> values;
        for (const VariableState& state : shown.variables())
            values.insert(state.spec.name, state.current);
        m_session.setVariableOverrides(values);
        m_session.setTimeZone(shown.timeZone());
        m_session.setTimeRange(shown.rawTimeRange());
        m_session.setRefreshInterval(0);
        m_view.setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        m_view.setAttribute(Qt::WA_DontShowOnScreen);
        m_view.resize(kGridWidth + DashboardView::sideMargin(), 600);
        m_view.show(); // before the session: only a shown view knows how wide its grid is
        m_view.setSession(&m_session);
        m_settle.setSingleShot(true);
        m_settle.setInterval(kSettleMs);
        connect(&m_view, &DashboardView::settled, &m_settle, qOverload<>(&QTimer::start));
        connect(&m_settle, &QTimer::timeout, this, &PdfJob::look);
        QTimer::singleShot(kGiveUpMs, this, &PdfJob::finish);
        m_session.start();
    }

    ~PdfJob() override { m_view.setSession(nullptr); }

private:
    void look()
    {
        if (!m_view.isSettled())
            return; // settled() will come once more
        const int wanted = std::clamp(m_view.contentHeight(), 100, kMaxHeight);
        if (m_view.height() != wanted) {
            m_view.resize(m_view.width(), wanted);
            m_settle.start();
            return;
        }
        finish();
    }

    void finish()
    {
        if (!m_done)
            return;
        const auto done = std::exchange(m_done, nullptr);
        const Status status = print();
        deleteLater();
        done(status);
    }

    Status print();
    void printPage(QPainter& painter, const QList<QWidget*>& items, int top, int page, int pages, double pageHeight);

    DashboardSession m_session;
    DashboardView m_view;
    QTimer m_settle;
    QString m_path;
    std::function<void(const Status&)> m_done;
};

Status PdfJob::print()
{
    const auto failed = [this](const QString& detail) {
        Error error = makeError(ErrorCode::Io, u"The file cannot be written"_s, detail);
        error.target = m_path;
        return error;
    };
    QSaveFile file(m_path);
    if (!file.open(QIODevice::WriteOnly))
        return failed(file.errorString());
    QPdfWriter pdf(&file);
    pdf.setTitle(m_session.dashboard().title);
    pdf.setCreator(u"Promdeck " PROMDECK_VERSION ""_s);
    pdf.setResolution(288);
    pdf.setPageSize(QPageSize(QPageSize::A4));
    pdf.setPageOrientation(QPageLayout::Landscape);
    pdf.setPageMargins(QMarginsF(0, 0, 0, 0));
    QPainter painter;
    if (!painter.begin(&pdf))
        return failed({});
    const double scale = double(pdf.width()) / (kGridWidth + 2 * DashboardView::sideMargin());
    const double pageHeight = pdf.height() / scale;
    const QList<QWidget*> items = m_view.viewport()->findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly);
    std::vector<std::pair<int, int>> places;
    for (const QWidget* item : items)
        places.emplace_back(item->y(), item->y() + item->height());
    const std::vector<int> tops = pageTops(places, int(pageHeight) - kHeadHeight - DashboardView::sideMargin());
    painter.scale(scale, scale);
    for (size_t page = 0; page < tops.size(); ++page) {
        if (page > 0)
            pdf.newPage();
        QList<QWidget*> own;
        for (QWidget* item : items) {
            const bool later = page + 1 < tops.size() && item->y() >= tops[page + 1];
            if (item->y() >= tops[page] && !later)
                own << item;
        }
        printPage(painter, own, tops[page], int(page) + 1, int(tops.size()), pageHeight);
    }
    painter.end();
    return file.commit() ? Status(Done {}) : Status(failed(file.errorString()));
}

void PdfJob::printPage(QPainter& painter, const QList<QWidget*>& items, int top, int page, int pages, double pageHeight)
{
    const ThemeColors& c = Theme::instance().colors();
    const int margin = DashboardView::sideMargin();
    const double width = kGridWidth + 2 * margin;
    painter.fillRect(QRectF(0, 0, width, pageHeight), c.canvas);
    const QRectF head(2 * margin, 0, width - 4 * margin, kHeadHeight);
    painter.setPen(c.text);
    painter.setFont(panelFont(16, QFont::Medium));
    painter.drawText(head, Qt::AlignLeft | Qt::AlignVCenter, m_session.dashboard().title);
    painter.setPen(c.textSecondary);
    painter.setFont(panelFont(12));
    const QString zone = displayTimeZone(m_session.timeZone());
    const TimeRange shown = m_session.timeRange();
    const QString range = tr("%1 to %2").arg(momentText(shown.fromMs, zone), momentText(shown.toMs, zone));
    painter.drawText(head, Qt::AlignRight | Qt::AlignVCenter, tr("%1 · page %2 of %3").arg(range).arg(page).arg(pages));
    int bottom = top;
    for (const QWidget* item : items)
        bottom = std::max(bottom, item->y() + item->height());
    const double room = pageHeight - kHeadHeight - margin;
    const double shrink = std::min(1.0, room / std::max(1, bottom - top)); // one panel taller than a page
    painter.save();
    painter.translate(0, kHeadHeight);
    painter.scale(shrink, shrink);
    for (QWidget* item : items) {
        painter.save();
        painter.translate(item->x(), item->y() - top);
        if (auto* panel = qobject_cast<PanelWidget*>(item))
            panel->paintFor(&painter);
        else
            item->render(&painter, {}, {}, QWidget::DrawChildren);
        painter.restore();
    }
    painter.restore();
}

} // namespace

void saveDashboardPdf(QObject* context, const DashboardSession& session, const QString& path,
                      std::function<void(const Status&)> done)
{
    new PdfJob(session, path, std::move(done), context);
}

std::vector<int> pageTops(const std::vector<std::pair<int, int>>& items, int pageHeight)
{
    std::vector<std::pair<int, int>> sorted = items;
    std::sort(sorted.begin(), sorted.end());
    std::vector<int> tops {0};
    for (const auto& [top, bottom] : sorted) {
        if (tops.size() == 1 && top == sorted.front().first)
            tops.front() = top;
        // Sorted by their tops: the first that does not fit begins the next page, and takes later ones along.
        if (bottom - tops.back() > pageHeight && top > tops.back())
            tops.push_back(top);
    }
    return tops;
}

} // namespace Promdeck

#include "dashboardpdf.moc"
