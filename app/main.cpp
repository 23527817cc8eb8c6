#include "app/cli/verb.h"
#ifdef PROMDECK_HAS_HOSTS
#include "app/hosts/hostservices.h"
#include "app/hosts/hostverbs.h"
#include "app/hosts/terminalprompts.h"
#include "app/keychain/keychainstore.h"
#endif
#ifdef PROMDECK_HAS_GUI
#include "app/gui/guimain.h"
#include "app/gui/pngrenderer.h"

#include <QApplication>
#else
#include "app/windowprogram.h"
#endif

#include <QCoreApplication>

#include <cstdio>

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {

void printHelp(FILE* where)
{
#ifdef PROMDECK_HAS_GUI
    std::fputs("usage: promdeck [OPTIONS]            the window\n"
               "       promdeck VERB [ARGUMENTS]     without a window; promdeck VERB --help says more\n\n",
               where);
#else
    std::fputs("usage: promdeck VERB [ARGUMENTS]     promdeck VERB --help says more\n\n", where);
#endif
    std::fputs("Verbs:\n", where);
    for (const auto& verb : Cli::allVerbs())
        std::fprintf(where, "  %-10s %s\n", qPrintable(verb->name()), qPrintable(verb->summary()));
#ifdef PROMDECK_HAS_GUI
    std::fprintf(where, "\nOptions of the window:\n%s", qPrintable(windowOptionsHelp()));
#endif
    std::fputs("\nVerbs end with 0 (fine), 1 (findings), 2 (wrong usage or unreadable input) or 3 (network).\n", where);
}

/// Whether the arguments ask for the window: none, or options only.
bool asksForWindow(int argc, char** argv)
{
    return argc < 2 || argv[1][0] == '-';
}

/// Whether the words after a verb ask how it is called.
bool asksForHelp(const Cli::Verb& verb, const QStringList& args)
{
    const QString first = args.value(0);
    return first == u"--help" || first == u"-h" || (args.contains(u"--help") && !verb.ownsHelp());
}

int runVerb(Cli::Verb& verb, int argc, char** argv)
{
    QStringList args;
    for (int i = 2; i < argc; ++i)
        args.append(QString::fromLocal8Bit(argv[i]));
    if (asksForHelp(verb, args)) {
        std::printf("%s\n\nusage: %s\n", qPrintable(verb.summary()), qPrintable(verb.usage()));
        return Cli::ExitOk;
    }
    std::unique_ptr<QCoreApplication> app;
#ifndef PROMDECK_HAS_GUI
    if (hasWindowProgram() && verb.needsPainting(args))
        return becomeWindowProgram(argv);
#ifndef PROMDECK_HAS_HOSTS
    if (verb.needsHosts(args))
        return becomeHostsProgram(argv);
#endif
#else
    if (verb.needsPainting(args)) {
        // No verb needs a display, and none opens a window on one.
        qputenv("QT_QPA_PLATFORM", "offscreen");
        app = std::make_unique<QApplication>(argc, argv);
        installPngRenderer();
    }
#endif
    if (!app)
        app = std::make_unique<QCoreApplication>(argc, argv);
#ifdef PROMDECK_HAS_HOSTS
    std::unique_ptr<HostServices> hosts;
    std::unique_ptr<TerminalPrompts> prompts;
    if (verb.needsHosts(args)) {
        hosts = std::make_unique<HostServices>(keychainSecretStore());
        prompts = std::make_unique<TerminalPrompts>(hosts->prompts());
    }
#endif
    verb.run(args);
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication::setApplicationName(u"promdeck"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(PROMDECK_VERSION));
    const QString verbName = argc > 1 ? QString::fromLocal8Bit(argv[1]) : QString();
    const bool asksForVersion = verbName == u"--version" || verbName == u"-v";
#ifndef PROMDECK_HAS_GUI
    // The window's own options are part of the help.
    if (hasWindowProgram() && !asksForVersion && (asksForWindow(argc, argv) || verbName == u"help"))
        return becomeWindowProgram(argv);
#endif
    if (verbName == u"help" || verbName == u"--help" || verbName == u"-h") {
        printHelp(stdout);
        return Cli::ExitOk;
    }
    if (asksForVersion) {
        std::puts("promdeck " PROMDECK_VERSION);
        return Cli::ExitOk;
    }
#ifdef PROMDECK_HAS_GUI
    if (asksForWindow(argc, argv))
        return runGui(argc, argv);
#endif
#ifdef PROMDECK_HAS_HOSTS
    for (const auto& verb : Cli::hostVerbs()) {
        if (verb->name() == verbName)
            return runVerb(*verb, argc, argv);
    }
#endif
    for (const auto& verb : Cli::allVerbs()) {
        if (verb->name() != verbName)
            continue;
#if !defined(PROMDECK_HAS_GUI) && !defined(PROMDECK_HAS_HOSTS)
        if (verb->isHandedOver())
            return becomeHostsProgram(argv);
#endif
        return runVerb(*verb, argc, argv);
    }
#ifndef PROMDECK_HAS_GUI
    if (hasWindowProgram())
        return becomeWindowProgram(argv);
#endif
    if (!verbName.isEmpty())
        std::fprintf(stderr, "promdeck: there is no verb \"%s\"\n\n", qPrintable(verbName));
    printHelp(stderr);
    return Cli::ExitUsage;
}
