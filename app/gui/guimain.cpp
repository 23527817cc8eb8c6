#include "app/gui/guimain.h"

#include "app/gui/mainwindow.h"
#include "app/gui/walldesk.h"
#include "app/hosts/hostservices.h"
#include "app/keychain/keychainstore.h"
#include "models/query/interval.h"
#include "widgets/common/theme.h"
#include "widgets/hosts/sshprompts.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QImage>
#include <QLoggingCategory>
#include <QPointer>
#include <QTimer>
#include <QWindow>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

// QT_LOGGING_RULES="promdeck.start.debug=true" says on stderr when the window is there and when its data is.
Q_LOGGING_CATEGORY(startLog, "promdeck.start", QtInfoMsg)

constexpr int kUsage = 2;
constexpr int kRemote = 3;
constexpr int kScreenshotLimitMs = 60000;
constexpr int kScreenshotSettleMs = 400; // fonts, late pictures, the last repaint

struct Options
{
    WindowRequest window;
    QString theme;
    QString screenshot;
    QSize size;
};

void fail(const QString& text)
{
    const QByteArray bytes = text.toLocal8Bit();
    std::fprintf(stderr, "promdeck: %s\n", bytes.constData());
}

QList<QCommandLineOption> windowOptions()
{
    return {
        {u"stack"_s, u"Open the stack of this name."_s, u"NAME"_s},
        {u"url"_s, u"Open the Prometheus at this address."_s, u"URL"_s},
        {u"dashboard"_s, u"Show this dashboard: a file, or builtin:NAME."_s, u"FILE"_s},
        {u"from"_s, u"Start of the time range, in Grafana's grammar (now-6h)."_s, u"TIME"_s},
        {u"to"_s, u"End of the time range."_s, u"TIME"_s, u"now"_s},
        {u"var"_s, u"Value of a variable, may be repeated."_s, u"NAME=VALUE"_s},
        {u"config"_s, u"Open this folder or file in the configuration workbench."_s, u"PATH"_s},
        {u"theme"_s, u"dark, light or system."_s, u"THEME"_s},
        {u"size"_s, u"Size of the window."_s, u"WIDTHxHEIGHT"_s},
        {u"screenshot"_s, u"Write a PNG of the window once its data is shown, and quit."_s, u"FILE"_s},
        {u"kiosk"_s, u"Full screen without controls."_s},
        {u"playlist"_s, u"Show these dashboards after each other: a folder or files, may be repeated."_s, u"DIR|FILE"_s},
        {u"interval"_s, u"How long each of them is shown."_s, u"TIME"_s, u"30s"_s},
        {u"screen"_s, u"The screen to open on: its number from 1, or its name."_s, u"N"_s},
    };
}

bool readOptions(const QStringList& arguments, Options& options)
{
    QCommandLineParser parser;
    parser.addOptions(windowOptions());
    if (!parser.parse(arguments)) {
        fail(parser.errorText() + u"; promdeck --help lists what there is"_s);
        return false;
    }
    if (!parser.positionalArguments().isEmpty()) {
        fail(u"unknown verb or argument: %1"_s.arg(parser.positionalArguments().first()));
        return false;
    }
    options.window.stack = parser.value(u"stack"_s);
    options.window.dashboard = parser.value(u"dashboard"_s);
    options.window.kiosk = parser.isSet(u"kiosk"_s);
    options.window.configuration = parser.value(u"config"_s);
    options.window.screen = parser.value(u"screen"_s);
    if (parser.isSet(u"playlist"_s)) {
        const Result<QStringList> dashboards = WallDesk::expand(parser.values(u"playlist"_s));
        if (!dashboards.ok()) {
            fail(dashboards.error().toString());
            return false;
        }
        options.window.playlist = *dashboards;
    }
    const Result<qint64> interval = parseInterval(parser.value(u"interval"_s));
    if (!interval.ok() || *interval <= 0) {
        fail(u"--interval wants a time such as 30s or 2m"_s);
        return false;
    }
    options.window.playlistMs = *interval;
    if (parser.isSet(u"url"_s)) {
        const auto url = parseStackUrl(parser.value(u"url"_s));
        if (!url.ok()) {
            fail(url.error().toString());
            return false;
        }
        options.window.url = *url;
    }
    if (parser.isSet(u"from"_s))
        options.window.range = RawTimeRange {parser.value(u"from"_s), parser.value(u"to"_s)};
    for (const QString& text : parser.values(u"var"_s))
        options.window.variables[text.section(u'=', 0, 0)] << text.section(u'=', 1);
    options.theme = parser.value(u"theme"_s);
    options.screenshot = parser.value(u"screenshot"_s);
    const QStringList size = parser.value(u"size"_s).split(u'x');
    if (size.size() == 2)
        options.size = QSize(size[0].toInt(), size[1].toInt());
    return true;
}

/// Qt itself ends the program with abort() when there is none.
bool hasDisplay()
{
#if defined(Q_OS_UNIX) && !defined(Q_OS_MACOS)
    return qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY")
        || qEnvironmentVariableIsSet("QT_QPA_PLATFORM");
#else
    return true;
#endif
}

bool takesPicture(int argc, char** argv)
{
    return std::any_of(argv + 1, argv + argc, [](const char* argument) {
        return std::strncmp(argument, "--screenshot", 12) == 0;
    });
}

void takeScreenshot(MainWindow* window, const QString& file)
{
    auto* wait = new QTimer(window);
    wait->setSingleShot(true);
    wait->setInterval(kScreenshotSettleMs);
    const auto problem = std::make_shared<bool>(false);
    QObject::connect(window, &MainWindow::failed, wait, [problem](const QString& why) {
        *problem = true;
        fail(why);
    });
    QObject::connect(window, &MainWindow::settled, wait, qOverload<>(&QTimer::start));
    QObject::connect(wait, &QTimer::timeout, window, [window, file, problem] {
        const bool saved = window->grab().save(file);
        if (!saved)
            fail(u"cannot write %1"_s.arg(file));
        QCoreApplication::exit(!saved ? kUsage : *problem ? kRemote : 0);
    });
    QTimer::singleShot(kScreenshotLimitMs, window, [window, file] {
        window->grab().save(file);
        fail(u"the dashboard did not finish loading in time; the picture shows what there was"_s);
        QCoreApplication::exit(kRemote);
    });
}

/// Logs how long after the start the first frame was on the screen, and the data. For a window that is shown.
class StartTrace final : public QObject
{
public:
    StartTrace(MainWindow* window, const QElapsedTimer& clock) : QObject(window), m_clock(clock)
    {
        window->windowHandle()->installEventFilter(this);
        connect(window, &MainWindow::settled, this, [this] { qCDebug(startLog, "settled after %lld ms", m_clock.elapsed()); });
    }
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::Expose) {
            watched->removeEventFilter(this);
            // The event that exposes the window paints it before it returns.
            QMetaObject::invokeMethod(
                this, [this] { qCDebug(startLog, "first frame after %lld ms", m_clock.elapsed()); }, Qt::QueuedConnection);
        }
        return false;
    }

private:
    QElapsedTimer m_clock;
};

} // namespace

QString windowOptionsHelp()
{
    QString text;
    const QList<QCommandLineOption> options = windowOptions();
    for (const QCommandLineOption& option : options) {
        QString call = u"--"_s + option.names().first();
        if (!option.valueName().isEmpty())
            call += u' ' + option.valueName();
        text += u"  %1 %2\n"_s.arg(call, -22).arg(option.description());
    }
    return text;
}

int runGui(int argc, char** argv)
{
    QElapsedTimer clock;
    clock.start();
    if (!hasDisplay()) {
        if (!takesPicture(argc, argv)) {
            fail(u"there is no display here. Verbs work without one (promdeck help), so does --screenshot FILE"_s);
            return kUsage;
        }
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    QApplication app(argc, argv);
    QApplication::setApplicationDisplayName(u"Promdeck"_s);
    QGuiApplication::setDesktopFileName(u"promdeck"_s);
    Options options;
    if (!readOptions(QCoreApplication::arguments(), options))
        return kUsage;
    Theme::instance().install(app);
    Settings settings;
    const Status settingsRead = settings.load();
    StackStore stacks;
    const Status stacksRead = stacks.load();
    for (const Status& status : {settingsRead, stacksRead}) {
        if (!status.ok())
            fail(status.error().toString());
    }
    const std::shared_ptr<SecretStore> secrets = keychainSecretStore();
    HostServices hosts(secrets);
    MainWindow window({&settings, &stacks, secrets});
    new SshPrompts(hosts.prompts(), &window);
    if (!options.theme.isEmpty())
        Theme::instance().setMode(options.theme == u"light" ? ThemeMode::Light
                                      : options.theme == u"dark" ? ThemeMode::Dark
                                                                 : ThemeMode::System);
    if (options.size.isValid())
        window.resize(options.size);
    if (!options.screenshot.isEmpty())
        takeScreenshot(&window, options.screenshot);
    window.show();
    if (startLog().isDebugEnabled())
        new StartTrace(&window, clock);
    window.start(options.window);
    return QApplication::exec();
}

} // namespace Promdeck
