#include "app/gui/pngrenderer.h"

#include "app/cli/cmdrender.h"
#include "widgets/common/theme.h"
#include "widgets/dashboard/dashboardview.h"

#include <QApplication>
#include <QTimer>

namespace Promdeck {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMaxHeight = 30000; // px; a picture taller than this helps nobody and needs gigabytes
constexpr int kSettleMs = 150;    // the last repaint after the last answer

/// Paints one session and ends itself.
class PngJob final : public QObject
{
public:
    PngJob(DashboardSession& session, int width, QString file, std::function<void(Status)> done)
        : m_file(std::move(file)), m_done(std::move(done))
    {
        m_view.setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        m_view.setAttribute(Qt::WA_DontShowOnScreen);
        m_view.resize(width + DashboardView::sideMargin(), 600);
        m_view.show(); // before the session: only a shown view knows how wide its grid is
        m_view.setSession(&session);
        fitHeight();
        m_settle.setSingleShot(true);
        m_settle.setInterval(kSettleMs);
        connect(&m_view, &DashboardView::settled, &m_settle, qOverload<>(&QTimer::start));
        connect(&m_settle, &QTimer::timeout, this, [this] { finish(); });
        if (m_view.isSettled())
            m_settle.start();
    }

private:
    /// True when the view was as tall as its content already.
    bool fitHeight()
    {
        const int wanted = std::clamp(m_view.contentHeight(), 100, kMaxHeight);
        if (m_view.height() == wanted)
            return true;
        m_view.resize(m_view.width(), wanted);
        return false;
    }

    void finish()
    {
        if (!m_view.isSettled())
            return; // settled() will come once more
        if (!fitHeight()) {
            m_settle.start();
            return;
        }
        Status status = Done {};
        if (!m_view.grab().save(m_file, "PNG")) {
            Error error = makeError(ErrorCode::Io, u"cannot write the picture"_s);
            error.target = m_file;
            status = error;
        }
        m_view.setSession(nullptr);
        m_done(status);
        deleteLater();
    }

    DashboardView m_view;
    QTimer m_settle;
    QString m_file;
    std::function<void(Status)> m_done;
};

} // namespace

void installPngRenderer()
{
    Cli::setPngRenderer([](DashboardSession& session, int width, ThemeKind theme, const QString& file,
                           std::function<void(Status)> done) {
        Theme::instance().install(*qApp);
        Theme::instance().setMode(theme == ThemeKind::Light ? ThemeMode::Light : ThemeMode::Dark);
        new PngJob(session, width, file, std::move(done));
    });
}

} // namespace Promdeck
