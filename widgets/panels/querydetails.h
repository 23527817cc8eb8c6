#pragma once

#include "models/query/paneldata.h"

#include <QFrame>

namespace Promdeck {

/// A light pop-up over a panel: its queries as they went to the server, what they cost, and what the server
/// said. Closes on a click elsewhere or Esc.
class QueryDetails final : public QFrame
{
    Q_OBJECT
public:
    QueryDetails(const QString& title, const PanelData& data, QWidget* parent);
    void popup(const QPoint& globalPosition);
};

} // namespace Promdeck
