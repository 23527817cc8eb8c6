#pragma once

#include "app/gui/mainwindow.h"
#include "tests/support/servers.h"
#include "tests/support/testsupport.h"
#include "widgets/common/theme.h"
#include "widgets/dashboard/dashboardpage.h"
#include "widgets/dashboard/dashboardview.h"
#include "widgets/panels/panelwidget.h"
#include "widgets/stack/welcomepage.h"

#include <QApplication>
#include <QDateTime>
#include <QDir>
#include <QTemporaryDir>

#include <memory>

// The real window on a real server with known samples, for the tests of inspecting and editing panels.
namespace Promdeck::Testing {

inline constexpr int kPatienceMs = 20000;

class WindowFixture
{
public:
    static constexpr int kStep = 15;
    static constexpr int kSamples = 200;

    /// demo_value{instance="a"} counts 0, 1, 2...; instance "b" is ten times that. demo_seconds is a classic
    /// histogram, demo_total a counter; both have a type and a help text.
    static QByteArray samples(qint64 endSeconds)
    {
        QByteArray text = "# TYPE demo_value gauge\n# HELP demo_value What the demonstration is worth.\n";
        const auto row = [&text, endSeconds](const QByteArray& series, double value, int i) {
            text += series + ' ' + QByteArray::number(value) + ' '
                + QByteArray::number(endSeconds - qint64(kSamples - 1 - i) * kStep) + '\n';
        };
        for (int i = 0; i < kSamples; ++i)
            row("demo_value{instance=\"a\"}", i, i);
        for (int i = 0; i < kSamples; ++i)
            row("demo_value{instance=\"b\"}", i * 10, i);
        text += "# TYPE demo counter\n";
        for (int i = 0; i < kSamples; ++i)
            row("demo_total{instance=\"a\"}", i * 30, i);
        text += "# TYPE demo_seconds histogram\n";
        for (const char* le : {"0.1", "1.0", "+Inf"}) {
            for (int i = 0; i < kSamples; ++i)
                row(QByteArray("demo_seconds_bucket{le=\"") + le + "\"}", i * (le[0] == '+' ? 4 : 2), i);
        }
        return text + "# EOF\n";
    }

    bool startServer()
    {
        Theme::instance().install(*qobject_cast<QApplication*>(QCoreApplication::instance()));
        end = QDateTime::currentSecsSinceEpoch() / kStep * kStep - 60;
        server = TestServer::prometheus({.samples = samples(end)});
        return server && folder.isValid();
    }

    void makeWindow()
    {
        settings = std::make_unique<Settings>(folder.filePath(QStringLiteral("settings.json")));
        stacks = std::make_unique<StackStore>(folder.filePath(QStringLiteral("stacks.json")));
        window = std::make_unique<MainWindow>(Services {settings.get(), stacks.get(), noSecretStore()});
        window->welcomePage()->setPlaces({});
        window->resize(1500, 900);
        window->show();
    }

    void closeWindow()
    {
        window.reset();
        stacks.reset();
        settings.reset();
    }

    void open(const Json& board)
    {
        file = folder.filePath(QStringLiteral("board.json"));
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(board.toUtf8());
        out.close();
        WindowRequest request;
        request.url = server->url();
        request.dashboard = file;
        window->start(request);
        QTRY_VERIFY_WITH_TIMEOUT(page()->session() && !view()->panels().isEmpty() && view()->isSettled(), kPatienceMs);
    }

    void openKnown() { open(readJson(dataFile(QStringLiteral("dashboards/known-values.json")))); }

    [[nodiscard]] DashboardPage* page() const { return window->dashboardPage(); }
    [[nodiscard]] DashboardView* view() const { return page()->view(); }
    [[nodiscard]] PanelWidget* panel(const QString& title) const { return view()->panelTitled(title); }
    [[nodiscard]] QString key(const QString& title) const
    {
        const PanelWidget* widget = panel(title);
        return widget ? widget->objectName().mid(6) : QString();
    }
    /// Puts the keyboard on a panel, as Tab does.
    void focus(const QString& title) const
    {
        window->activateWindow();
        panel(title)->setFocus(Qt::TabFocusReason);
    }

    void keepPicture(const QString& name, QWidget* widget = nullptr) const
    {
        const QString shots = qEnvironmentVariable("PROMDECK_SHOTS");
        if (!shots.isEmpty())
            (widget ? widget : window.get())->grab().save(QDir(shots).filePath(name + QStringLiteral(".png")));
    }

    std::unique_ptr<TestServer> server;
    QTemporaryDir folder;
    QString file;
    qint64 end = 0;
    std::unique_ptr<Settings> settings;
    std::unique_ptr<StackStore> stacks;
    std::unique_ptr<MainWindow> window;
};

} // namespace Promdeck::Testing
