#include "models/config/crossfile.h"
#include "models/config/gotypes.h"
#include "models/config/text.h"

#include <QFileInfo>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

class References
{
public:
    References(const QString& path, Checker& checker, FileChecker& files)
        : m_folder(QFileInfo(path).path()), m_checker(checker), m_files(files)
    {
    }

    void prometheus()
    {
        if (m_checker.options().syntaxOnly)
            return;
        ruleFiles(m_checker.root());
    }

private:
    [[nodiscard]] QString resolved(const std::string& name) const { return resolvePath(m_folder, fromUtf8(name)); }

    void ruleFiles(const StructView& root)
    {
        for (const FoundValue& pattern : root.listAt("rule_files")) {
            const std::string& name = pattern.node->value;
            const QStringList matches = m_files.source().glob(resolved(name));
            if (matches.isEmpty() && name.find('*') == std::string::npos)
                m_checker.error("prometheus/missing-file", u"%1 does not point to an existing file"_s.arg(Config::quoted(name)),
                                pattern.span);
            for (const QString& match : matches)
                follow(match, FileKind::Rules, pattern.span);
        }
    }

    void follow(const QString& path, FileKind kind, const TextSpan& span)
    {
        const Status status = m_files.checkFile(path, kind);
        if (!status)
            m_checker.error("config/unreadable", u"%1: %2"_s.arg(path, status.error().summary), span);
    }

    QString m_folder;
    Checker& m_checker;
    FileChecker& m_files;
};

} // namespace

void checkReferences(FileKind kind, const QString& path, Checker& checker, FileChecker& files)
{
    References references(path, checker, files);
    if (kind == FileKind::Prometheus)
        references.prometheus();
}

} // namespace Promdeck::Config
