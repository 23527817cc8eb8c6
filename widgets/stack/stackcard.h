#pragma once

#include "models/stack/probe.h"

#include <QAbstractButton>

namespace Promdeck {

/// One stack as a big button: what it is, where, how it is.
class StackCard final : public QAbstractButton
{
    Q_OBJECT
public:
    explicit StackCard(StackProfile profile, QWidget* parent = nullptr);
    void setReport(const ProbeReport& report);
    void setProbing();
    [[nodiscard]] const StackProfile& profile() const { return m_profile; }
    [[nodiscard]] QSize sizeHint() const override { return {280, 108}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    StackProfile m_profile;
    QString m_title;
    QString m_line;
    QString m_state;
    enum class Health { Unknown, Good, Bad } m_health = Health::Unknown;
};

/// "Prometheus 2.42.0, 3 ms" or what is wrong, in one line.
[[nodiscard]] QString probeSummary(const ProbeReport& report);

} // namespace Promdeck
