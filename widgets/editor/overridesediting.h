#pragma once

#include "widgets/editor/optioneditors.h"
#include "widgets/editor/paneldraft.h"

class QVBoxLayout;

namespace Promdeck {

/// The rules that give some fields other options: which fields (by name, expression, type or query), and what.
class OverridesEditing final : public QWidget
{
    Q_OBJECT
public:
    OverridesEditing(PanelDraft* draft, QWidget* parent);
    void setContext(const OptionContext& context);
    /// Reads the draft's rules anew; what is being typed into stays.
    void update();
    void addRule(const QString& matcherId);
    /// Adds an option to a rule, with the value the panel has or a first one.
    void addProperty(int rule, const OptionSpec& spec);
    [[nodiscard]] int ruleCount() const { return int(m_cards.size()); }

private:
    struct Shown
    {
        int rule;
        const OptionSpec* spec;
        OptionEditor* editor;
    };
    void rebuild();
    QWidget* makeCard(int rule);
    void addMatcher(int rule, QWidget* card, QVBoxLayout* layout);
    void setProperty(int rule, const OptionSpec& spec, const Json& value, bool typing);
    [[nodiscard]] Json rules() const;
    /// Which editors a rule has: matchers and options, without their values.
    [[nodiscard]] QString shape() const;
    [[nodiscard]] static std::vector<const OptionSpec*> specsOf(const Json& rule, const QString& type);

    QPointer<PanelDraft> m_draft;
    OptionContext m_context;
    QVBoxLayout* m_layout;
    QVBoxLayout* m_cardLayout;
    QList<QWidget*> m_cards;
    std::vector<Shown> m_shown;
    QString m_shape;
};

} // namespace Promdeck
