#pragma once

#include "app/cli/verb.h"
#include "models/frame/color.h"
#include "models/query/dashboardsession.h"

#include <QTimer>

#include <functional>

namespace Promdeck::Cli {

/// Paints the whole dashboard of a settled session into a PNG file, `width` px wide, and calls `done` later.
/// Set by the build that has a window; without it `--png` is refused.
using PngRenderer = std::function<void(DashboardSession& session, int width, ThemeKind theme, const QString& file,
                                       std::function<void(Status)> done)>;
void setPngRenderer(PngRenderer renderer);

/// `promdeck render`: a dashboard against a live stack, as numbers (JSON) and as a picture (PNG).
class RenderVerb final : public Verb
{
public:
    ~RenderVerb() override;
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString usage() const override;
    [[nodiscard]] bool needsPainting(const QStringList& args) const override;
    void run(const QStringList& args) override;

private:
    struct Request
    {
        QString file;
        QString png;
        QString json;
        QHash<QString, QStringList> variables;
        RawTimeRange range;
        QString timeZone;
        int width = 1600;
        ThemeKind theme = ThemeKind::Dark;
        int timeoutSeconds = 120;
    };
    void startSession(Dashboard dashboard, std::shared_ptr<StackConnection> stack);
    void report();
    void paint(int exitCode);
    [[nodiscard]] Json document() const;
    [[nodiscard]] int worstExitCode() const;
    Status writeJson() const;

    Request m_request;
    std::unique_ptr<DashboardSession> m_session;
    QTimer m_deadline;
    bool m_reported = false;
};

} // namespace Promdeck::Cli
