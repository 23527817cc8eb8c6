#pragma once

#ifndef Q_MOC_RUN // it cannot read the standard headers behind it
#include "models/config/edit/assist.h"
#include "models/stack/stackconnection.h"
#endif

#include <QWidget>

#include <memory>

namespace Promdeck {

class Workspace;

/// What the views beside the text look at.
struct ToolContext
{
    QString path;
    Config::FileKind kind = Config::FileKind::Unknown;
    QByteArray text;
    std::size_t offset = 0; ///< of the cursor
    Config::CheckOptions options;
    std::shared_ptr<StackConnection> stack; ///< null without one
    const Workspace* workspace = nullptr;
};

/// A view beside the text that follows the cursor.
class WorkbenchTool : public QWidget
{
    Q_OBJECT
public:
    using QWidget::QWidget;
    /// The text, the place or the stack is another one. Only called while the view is seen.
    virtual void follow(const ToolContext& context) = 0;

Q_SIGNALS:
    /// Changes to the text that the view was last told about, as one step of its history.
    void editWanted(const Promdeck::Config::TextEdits& edits);
    /// Shows a place of that text.
    void jumpWanted(std::size_t offset, std::size_t end);
};

} // namespace Promdeck
