#pragma once

#include "provisioning/ssh/sshconfig.h"

#include <map>

namespace Promdeck {

/// Reads configuration files for one host, line by line, keeping the first value of every keyword.
class SshConfigParser final
{
public:
    SshConfigParser(const SshConfigSource& source, const QString& alias) : m_source(source), m_alias(alias) {}

    /// As if it stood at the top of the first file.
    void set(const QString& keyword, const QStringList& values);
    /// A file that does not exist is fine. Errors: Syntax, Unsupported.
    Status readFile(const QString& path, bool userFile);
    /// The second pass, in which Host lines are about the name that the first one has found.
    void startFinalPass();
    [[nodiscard]] bool wantsFinalPass() const { return m_wantsFinalPass; }
    Result<SshOptions> finish() const;

    /// The words of a line, quotes removed; a word that starts with '#' ends it. Errors: Syntax.
    static Result<QStringList> words(const QString& line);

private:
    struct Line
    {
        QString keyword; ///< lower case
        QStringList args;
        QString rest;    ///< of the line, unparsed
    };
    struct Value
    {
        QStringList args;
        SourceRange where;
    };

    static Result<Line> splitLine(const QString& text);
    Status readText(const QString& text, const QString& path, bool userFile, bool active, int depth);
    Status apply(const Line& line, const SourceRange& where, bool& active, bool parentActive, bool userFile, int depth);
    Result<bool> matches(const QStringList& args);
    Status include(const QStringList& patterns, bool userFile, bool active, int depth);
    [[nodiscard]] QString presentHost() const;
    [[nodiscard]] QString presentUser() const;
    [[nodiscard]] QString first(const QString& keyword) const;
    Status number(const QString& keyword, int& out) const;
    Status duration(const QString& keyword, int& out) const;
    Status flag(const QString& keyword, bool& out) const;
    Error invalid(const QString& keyword) const;

    const SshConfigSource& m_source;
    QString m_alias;
    QString m_finalHost; ///< in the second pass
    bool m_finalPass = false;
    bool m_wantsFinalPass = false;
    std::map<QString, Value> m_values;
    QStringList m_identityFiles;
    QStringList m_certificateFiles;
    QStringList m_notes;
};

} // namespace Promdeck
