#pragma once

#include "widgets/editor/optionspecs.h"

#include <QWidget>

#include <functional>

namespace Promdeck {

/// What editors of options need to know of the panel beyond their own value.
struct OptionContext
{
    QStringList fieldNames;    ///< display names of what the panel shows
    QStringList variableNames; ///< of the dashboard
};

/// Edits one JSON value. setValue() never emits; edits do, with `typing` while more of the same is to be expected
/// (one step of the history then, instead of one for each key).
class OptionEditor : public QWidget
{
    Q_OBJECT
public:
    using QWidget::QWidget;
    virtual void setValue(const Json& value) = 0;
    virtual void setContext(const OptionContext& context) { Q_UNUSED(context) }
    /// Long ones stand below their label instead of beside it.
    [[nodiscard]] virtual bool isWide() const { return false; }

Q_SIGNALS:
    void edited(const Promdeck::Json& value, bool typing);
};

/// The editor for an option's kind; its objectName is "option:" and the path.
[[nodiscard]] OptionEditor* makeOptionEditor(const OptionSpec& spec, QWidget* parent);

} // namespace Promdeck
