#pragma once

#include <QByteArray>
#include <QFile>
#include <QString>

namespace Promdeck::Testing {

/// A shell script with this name in a folder that a test puts in front of the PATH.
inline bool fakeProgram(const QString& folder, const QString& name, const QByteArray& text)
{
    QFile file(folder + u'/' + name);
    return file.open(QIODevice::WriteOnly) && file.write("#!/bin/sh\n# a fake for tests\n" + text) > 0
        && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner | QFile::ReadOther | QFile::ExeOther
                               | QFile::ReadGroup | QFile::ExeGroup);
}

/// A fake sudo that speaks another language, writes its arguments into `log` and runs the command as who it is.
/// mode: "free" (no password), "ask", "again" (asks a second time after a wrong one), "late" (wants a password
/// when probed with -n and none when used), "refuse". No raw string: moc of Qt 6.4 stumbles over their quotes.
inline QByteArray fakeSudo(const QByteArray& mode, const QByteArray& password, const QByteArray& log)
{
    return "mode=" + mode + "\n"
        "log='" + log + "'\n"
        "{ printf '%s ' \"$@\"; echo; } >>\"$log\"\n"
        "if [ \"$1\" = -n ]; then\n"
        "    shift\n"
        "    [ $mode = free ] || { echo 'Passwort ben\xc3\xb6tigt' >&2; exit 1; }\n"
        "    [ \"$1\" = -- ] && shift\n"
        "    exec \"$@\"\n"
        "fi\n"
        "prompt=\n"
        "while [ \"$1\" != -- ]; do [ \"$1\" = -p ] && prompt=$2; shift; done\n"
        "shift\n"
        "echo 'Achtung! Dies ist ein Vortrag.' >&2\n"
        "[ $mode = late ] && exec \"$@\"\n"
        "[ $mode = refuse ] && { echo 'Nein.' >&2; exit 1; }\n"
        "printf %s \"$prompt\" >&2\n"
        "IFS= read -r given\n"
        "[ \"$given\" = '" + password + "' ] && exec \"$@\"\n"
        "[ $mode = again ] && { printf %s \"$prompt\" >&2; sleep 60; }\n"
        "echo 'Das war falsch.' >&2\n"
        "exit 1\n";
}

} // namespace Promdeck::Testing
