#pragma once

#ifndef Q_MOC_RUN // it cannot read the standard headers behind it
#include "models/config/relabel.h"
#endif
#include "widgets/workbench/workbenchtool.h"

#include <memory>

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QTreeWidget;

namespace Promdeck {

class HttpClient;

/// The relabelling of the job at the cursor, step by step, on its own targets, on those a server has found, or on
/// labels that were pasted.
class RelabelView final : public WorkbenchTool
{
    Q_OBJECT
public:
    explicit RelabelView(QWidget* parent);
    ~RelabelView() override;
    void follow(const ToolContext& context) override;
    [[nodiscard]] QTreeWidget* steps() const { return m_steps; }

private:
    struct Job
    {
        QString name;
        std::vector<Config::RelabelRule> rules;
        std::vector<std::size_t> offsets; ///< of the rules in the text
        std::vector<Config::LabelMap> targets; ///< before relabelling, from the configuration
        QString problem;
    };
    [[nodiscard]] Job jobAt(const ToolContext& context) const;
    void fillTargets();
    void apply();
    void askServer();

    std::shared_ptr<StackConnection> m_stack;
    ToolContext m_context;
    Job m_job;
    std::vector<Config::LabelMap> m_live;
    QLabel* m_title;
    QComboBox* m_which; ///< before or after the scrape
    QComboBox* m_targets;
    QLineEdit* m_pasted;
    QTreeWidget* m_steps;
};

/// What a target of the job at the cursor answers to a scrape, looked at line by line.
class ScrapeView final : public WorkbenchTool
{
    Q_OBJECT
public:
    explicit ScrapeView(QWidget* parent);
    ~ScrapeView() override;
    void follow(const ToolContext& context) override;
    [[nodiscard]] QString summary() const;
    [[nodiscard]] QTreeWidget* families() const { return m_families; }

private:
    void fetch();
    std::shared_ptr<HttpClient> m_client;
    QString m_seen;
    QComboBox* m_url;
    QLabel* m_summary;
    QTreeWidget* m_families;
    QPlainTextEdit* m_problems;
    quint64 m_turn = 0;
};

} // namespace Promdeck
