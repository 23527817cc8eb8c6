#include "app/cli/verb.h"
#ifdef PROMDECK_HAS_GUI
#include "app/gui/guimain.h"
#include "app/gui/pngrenderer.h"

#include <QApplication>
#endif

#include <QCoreApplication>

#include <cstdio>

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {

void printHelp()
{
    std::puts("usage: promdeck [VERB] [ARGUMENTS]\n");
    for (const auto& verb : Cli::allVerbs())
        std::printf("  %-10s %s\n", qPrintable(verb->name()), qPrintable(verb->summary()));
}

int runVerb(Cli::Verb& verb, int argc, char** argv)
{
    QStringList args;
    for (int i = 2; i < argc; ++i)
        args.append(QString::fromLocal8Bit(argv[i]));
    std::unique_ptr<QCoreApplication> app;
#ifdef PROMDECK_HAS_GUI
    if (verb.needsPainting(args)) {
        // No verb needs a display, and none opens a window on one.
        qputenv("QT_QPA_PLATFORM", "offscreen");
        app = std::make_unique<QApplication>(argc, argv);
        installPngRenderer();
    }
#endif
    if (!app)
        app = std::make_unique<QCoreApplication>(argc, argv);
    verb.run(args);
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication::setApplicationName(u"promdeck"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(PROMDECK_VERSION));
#ifdef PROMDECK_HAS_GUI
    if (wantsGui(argc, argv))
        return runGui(argc, argv);
#endif
    const QString verbName = argc > 1 ? QString::fromLocal8Bit(argv[1]) : QString();
    for (const auto& verb : Cli::allVerbs()) {
        if (verb->name() != verbName)
            continue;
        return runVerb(*verb, argc, argv);
    }
    printHelp();
    return verbName == u"help" || verbName == u"--help" ? Cli::ExitOk : Cli::ExitUsage;
}
