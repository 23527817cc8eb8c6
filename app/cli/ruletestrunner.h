#pragma once

#include <QObject>
#include <QProcess>
#include <QStringList>

#include <functional>

namespace Promdeck::Cli {

/// Runs `promtool test rules` for one file after the other, without blocking. Ends with a call of `done`.
class RuleTestRunner final : public QObject
{
    Q_OBJECT
public:
    /// What promtool printed for a file, standard output and error together; `error` when it could not be started.
    using FileDone = std::function<void(const QString& path, const QByteArray& output, const QString& error)>;

    /// Full path of promtool in PATH; empty when it is not installed.
    [[nodiscard]] static QString findPromtool();

    RuleTestRunner(QString promtool, QStringList files, FileDone fileDone, std::function<void()> done);
    void start();

private:
    void next();
    void finished();
    QString m_promtool;
    QStringList m_files;
    FileDone m_fileDone;
    std::function<void()> m_done;
    QProcess m_process;
};

} // namespace Promdeck::Cli
