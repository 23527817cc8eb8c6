#pragma once

#include <QObject>
#include <QProcess>
#include <QTimer>

namespace Promdeck {

class DocumentPage;
class Workbench;

/// Runs unit tests of rules with promtool, where it is installed: by a key, and whenever such a file is saved. What fails
/// is shown at its line.
class RuleTests final : public QObject
{
    Q_OBJECT
public:
    explicit RuleTests(Workbench* workbench);
    ~RuleTests() override;
    /// For tests: another promtool than that of PATH.
    void setPromtool(const QString& path) { m_promtool = path; }

public Q_SLOTS:
    /// The tests of the file that is shown; it is saved first.
    void run();

private:
    void start(const QString& path);
    void finished();
    Workbench* m_workbench;
    QString m_promtool;
    QString m_path;
    QString m_next;
    QProcess m_process;
    QTimer m_patience;
};

} // namespace Promdeck
