#pragma once

#include "widgets/workbench/workbenchtool.h"

#ifndef Q_MOC_RUN // it cannot read the standard headers behind it
#include "models/config/templates/notificationdata.h"
#include "models/config/templates/templateset.h"
#endif

#include <QTimer>

#include <memory>
#include <optional>

class QComboBox;
class QLabel;
class QPlainTextEdit;

namespace Promdeck {

class AlertmanagerClient;

/// What the templates at the cursor will say: of an alert for a series that fires, or nearly does; of a notification for
/// live alerts, or for samples.
class TemplateView final : public WorkbenchTool
{
    Q_OBJECT
public:
    explicit TemplateView(QWidget* parent);
    ~TemplateView() override;
    void follow(const ToolContext& context) override;
    [[nodiscard]] QString output() const;

private:
    struct Piece
    {
        QString name;
        std::string text;
    };
    struct Series
    {
        std::map<std::string, std::string, std::less<>> labels;
        double value = 0;
    };
    void readPieces();
    void fillData();
    void askSeries(const std::string& expression, bool widen);
    void askAlerts();
    void render();

    ToolContext m_context;
    std::shared_ptr<StackConnection> m_stack;
    std::vector<Piece> m_pieces;
    std::optional<Config::RuleAt> m_rule;
    std::vector<Series> m_series;
    std::shared_ptr<AlertmanagerClient> m_client;
    std::vector<Config::NotificationAlert> m_alerts;
    std::map<std::string, Config::TemplateSamples, std::less<>> m_queries;
    std::map<std::string, std::string, std::less<>> m_queryErrors;
    quint64 m_turn = 0;
    QLabel* m_title;
    QComboBox* m_data;
    QPlainTextEdit* m_output;
};

} // namespace Promdeck
