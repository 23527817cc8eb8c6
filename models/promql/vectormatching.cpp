#include "models/promql/vectormatching.h"
#include "models/promql/gotext.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace Promdeck::Promql {

using namespace Qt::StringLiterals;

namespace {

using Code = MatchNote::Code;
using Series = std::vector<InstantSeries>;

const QString kName = u"__name__"_s;
// Nearest partners are looked for among this many; beyond that the answer would not be read anyway.
constexpr std::size_t kCandidates = 2000;

QString text(std::string_view value)
{
    return QString::fromUtf8(value.data(), qsizetype(value.size()));
}

QString number(double value)
{
    return QString::fromStdString(formatGeneral(value));
}

QString shown(const Labels& labels)
{
    QString name;
    QStringList pairs;
    for (const auto& [key, value] : labels) {
        if (key == kName)
            name = value;
        else
            pairs.append(key + u"=\""_s + value + u'"');
    }
    return pairs.isEmpty() && !name.isEmpty() ? name : name + u'{' + pairs.join(u", "_s) + u'}';
}

bool holds(Tok op, double a, double b)
{
    switch (op) {
    case Tok::Eqlc: return a == b;
    case Tok::Neq: return a != b;
    case Tok::Lss: return a < b;
    case Tok::Lte: return a <= b;
    case Tok::Gtr: return a > b;
    default: return a >= b;
    }
}

double computed(Tok op, double a, double b)
{
    switch (op) {
    case Tok::Add: return a + b;
    case Tok::Sub: return a - b;
    case Tok::Mul: return a * b;
    case Tok::Div: return a / b;
    case Tok::Mod: return std::fmod(a, b);
    case Tok::Pow: return std::pow(a, b);
    case Tok::Atan2: return std::atan2(a, b);
    default: return std::numeric_limits<double>::quiet_NaN();
    }
}

class Explainer
{
public:
    Explainer(const Node& node, const MatchingData& matching, const Series& left, const Series& right, std::size_t most)
        : m_op(node.op), m_matching(matching), m_left(left), m_right(right), m_most(most)
    {
        for (const LabelRef& label : matching.labels)
            m_names.append(text(label.name));
        for (const LabelRef& label : matching.include)
            m_include.append(text(label.name));
    }

    MatchExplanation run(std::string_view opText)
    {
        m_opText = text(opText);
        m_out.rule = ruleText();
        group();
        if (m_left.empty())
            m_out.notes.push_back({Code::LeftEmpty});
        if (m_right.empty())
            m_out.notes.push_back({Code::RightEmpty});
        const bool set = m_op == Tok::Land || m_op == Tok::Lor || m_op == Tok::Lunless;
        for (MatchGroup& group : m_all) {
            if (set)
                setOperation(group);
            else
                operation(group);
        }
        if (!set)
            checkUnique();
        std::size_t matched = 0;
        for (MatchGroup& group : m_all) {
            matched += !group.left.empty() && !group.right.empty() ? 1 : 0;
            for (const MatchGroup::Output& one : group.outputs)
                m_out.resultCount += one.isKept ? 1 : 0;
        }
        explainLonely(set);
        if (!m_left.empty() && !m_right.empty()) {
            if (matched == 0)
                m_out.notes.push_back({Code::NothingMatched});
            if (matched < std::min(m_left.size(), m_right.size()) || m_out.isRefused)
                suggest(matched, set);
        }
        std::erase_if(m_all, [](const MatchGroup& one) { return one.outputs.empty() && (one.left.empty() || one.right.empty()); });
        m_out.groups = std::move(m_all);
        if (m_out.isRefused)
            m_out.resultCount = 0;
        return std::move(m_out);
    }

private:
    [[nodiscard]] QString ruleText() const
    {
        QString out;
        if (m_matching.on || !m_names.isEmpty())
            out = (m_matching.on ? u"on("_s : u"ignoring("_s) + m_names.join(u", "_s) + u')';
        if (m_matching.card == Cardinality::ManyToOne || m_matching.card == Cardinality::OneToMany)
            out += (out.isEmpty() ? u""_s : u" "_s) + (m_matching.card == Cardinality::ManyToOne ? u"group_left("_s : u"group_right("_s) + m_include.join(u", "_s) + u')';
        return out;
    }

    [[nodiscard]] Labels keyOf(const Labels& labels, bool on, const QStringList& names) const
    {
        Labels out;
        for (const auto& [name, value] : labels) {
            const bool listed = names.contains(name);
            if (on ? listed : !listed && name != kName)
                out.insert(name, value);
        }
        return out;
    }
    [[nodiscard]] Labels keyOf(const Labels& labels) const { return keyOf(labels, m_matching.on, m_names); }

    void group()
    {
        std::map<Labels, std::size_t> known;
        const auto add = [&](const Series& side, std::vector<std::size_t> MatchGroup::* into) {
            for (std::size_t i = 0; i < side.size(); ++i) {
                Labels key = keyOf(side[i].labels);
                const auto [found, isNew] = known.try_emplace(key, m_all.size());
                if (isNew)
                    m_all.push_back({std::move(key), {}, {}, {}});
                (m_all[found->second].*into).push_back(i);
            }
        };
        add(m_left, &MatchGroup::left);
        add(m_right, &MatchGroup::right);
    }

    void refuse(Code code, QStringList parameters)
    {
        m_out.isRefused = true;
        // One of a kind says it.
        const bool known = std::any_of(m_out.notes.begin(), m_out.notes.end(), [code](const MatchNote& one) { return one.code == code; });
        if (!known)
            m_out.notes.push_back({code, std::move(parameters), true});
    }

    void setOperation(MatchGroup& group) const
    {
        const bool both = !group.left.empty() && !group.right.empty();
        for (const std::size_t i : group.left) {
            MatchGroup::Output one {i, group.right.empty() ? std::nullopt : std::optional(group.right.front()), m_left[i].labels, m_left[i].value};
            if (m_op == Tok::Lunless && both) {
                one.isKept = false;
                one.notes.push_back({Code::RemovedByUnless});
            }
            if (m_op != Tok::Land || both)
                group.outputs.push_back(std::move(one));
        }
        if (m_op != Tok::Lor || !group.left.empty())
            return;
        for (const std::size_t i : group.right)
            group.outputs.push_back({{}, i, m_right[i].labels, m_right[i].value, true, {{Code::KeptByOr}}});
    }

    void operation(MatchGroup& group)
    {
        const bool swapped = m_matching.card == Cardinality::OneToMany;
        const std::vector<std::size_t>& one = swapped ? group.left : group.right;
        const std::vector<std::size_t>& many = swapped ? group.right : group.left;
        const Series& oneSide = swapped ? m_left : m_right;
        // Nothing is looked at where there is nothing to match with.
        const bool looks = (!m_left.empty() && !m_right.empty()) || m_matching.fillLeft || m_matching.fillRight;
        if (one.size() > 1 && looks)
            refuse(Code::DuplicateOnOneSide, {swapped ? u"left"_s : u"right"_s, shown(group.key), shown(oneSide[one[0]].labels), shown(oneSide[one[1]].labels)});
        if (!group.left.empty() && !group.right.empty()) {
            for (const std::size_t left : group.left) {
                for (const std::size_t right : group.right)
                    group.outputs.push_back(output(left, right));
            }
            // What a comparison filters out is not looked at.
            const auto kept = std::count_if(group.outputs.begin(), group.outputs.end(), [](const MatchGroup::Output& output) { return output.isKept; });
            if (m_matching.card == Cardinality::OneToOne && many.size() > 1 && kept > 1)
                refuse(Code::ManyNeedGroup, {u"left"_s, shown(group.key)});
            return;
        }
        if (group.right.empty() && m_matching.fillRight) {
            for (const std::size_t left : group.left)
                group.outputs.push_back(output(left, {}));
        } else if (group.left.empty() && m_matching.fillLeft) {
            for (const std::size_t right : group.right)
                group.outputs.push_back(output({}, right));
        }
    }

    [[nodiscard]] MatchGroup::Output output(std::optional<std::size_t> left, std::optional<std::size_t> right) const
    {
        MatchGroup::Output out {left, right};
        const bool swapped = m_matching.card == Cardinality::OneToMany;
        const InstantSeries* leftSeries = left ? &m_left[*left] : nullptr;
        const InstantSeries* rightSeries = right ? &m_right[*right] : nullptr;
        const double a = leftSeries ? leftSeries->value : m_matching.fillLeft.value_or(0);
        const double b = rightSeries ? rightSeries->value : m_matching.fillRight.value_or(0);
        const InstantSeries* many = swapped ? rightSeries : leftSeries;
        const InstantSeries* one = swapped ? leftSeries : rightSeries;
        // A filled side has the matching labels of its partner.
        const Labels manyLabels = many ? many->labels : keyOf(one->labels);
        const Labels oneLabels = one ? one->labels : keyOf(many->labels);
        out.labels = resultLabels(manyLabels, oneLabels, out.notes);
        if (!left)
            out.notes.push_back({Code::Filled, {u"left"_s, number(a)}});
        if (!right)
            out.notes.push_back({Code::Filled, {u"right"_s, number(b)}});
        const bool histogram = (leftSeries && leftSeries->isHistogram) || (rightSeries && rightSeries->isHistogram);
        if (histogram) {
            out.value = std::numeric_limits<double>::quiet_NaN();
        } else if (isComparison(m_op)) {
            const bool fine = holds(m_op, a, b);
            out.value = m_matching.returnBool ? (fine ? 1 : 0) : a;
            out.isKept = m_matching.returnBool || fine;
            if (!out.isKept)
                out.notes.push_back({Code::ComparisonFalse, {number(a), m_opText, number(b)}});
        } else {
            out.value = computed(m_op, a, b);
        }
        return out;
    }

    [[nodiscard]] Labels resultLabels(const Labels& many, const Labels& one, std::vector<MatchNote>& notes) const
    {
        Labels out;
        for (const auto& [name, value] : many) {
            const bool dropsName = name == kName && (!isComparison(m_op) || m_matching.returnBool);
            const bool listed = m_names.contains(name);
            const bool kept = m_matching.card != Cardinality::OneToOne || (m_matching.on ? listed : !listed);
            if (!dropsName && kept)
                out.insert(name, value);
        }
        for (const QString& name : m_include) {
            const QString* value = one.find(name);
            if (value && !value->isEmpty()) {
                out.insert(name, *value);
                notes.push_back({Code::IncludedLabel, {name, *value}});
            } else {
                out.remove(name);
                notes.push_back({Code::IncludedMissing, {name}});
            }
        }
        return out;
    }

    /// group_left(a) may give two results the same labels, which the server refuses.
    void checkUnique()
    {
        std::set<Labels> seen;
        for (const MatchGroup& group : m_all) {
            for (const MatchGroup::Output& one : group.outputs) {
                if (one.isKept && !seen.insert(one.labels).second && !m_out.isRefused)
                    refuse(Code::NotUnique, {shown(one.labels)});
            }
        }
    }

    void explainLonely(bool set)
    {
        std::array<std::size_t, 2> told {0, 0};
        for (const MatchGroup& group : m_all) {
            if (!group.left.empty() && !group.right.empty())
                continue;
            if (!group.outputs.empty() && !set)
                continue; // filled
            for (const bool isLeft : {true, false}) {
                for (const std::size_t index : isLeft ? group.left : group.right) {
                    if (told[isLeft ? 0 : 1]++ < m_most)
                        m_out.lonely.push_back(lonely(isLeft, index));
                }
            }
        }
    }

    [[nodiscard]] MatchedSeries lonely(bool isLeft, std::size_t index) const
    {
        MatchedSeries out {isLeft, index};
        const Series& others = isLeft ? m_right : m_left;
        if (others.empty()) {
            out.notes.push_back({Code::OtherSideEmpty});
            return out;
        }
        const Labels own = keyOf((isLeft ? m_left : m_right)[index].labels);
        std::vector<MatchNote> best;
        for (std::size_t i = 0; i < std::min(others.size(), kCandidates); ++i) {
            std::vector<MatchNote> differences = difference(own, keyOf(others[i].labels));
            if (out.nearest && differences.size() >= best.size())
                continue;
            out.nearest = i;
            best = std::move(differences);
        }
        out.notes = std::move(best);
        return out;
    }

    static std::vector<MatchNote> difference(const Labels& own, const Labels& other)
    {
        std::vector<MatchNote> out;
        for (const auto& [name, value] : own) {
            const QString* there = other.find(name);
            if (!there)
                out.push_back({Code::LabelMissingThere, {name, value}});
            else if (*there != value)
                out.push_back({Code::LabelDiffers, {name, value, *there}});
        }
        for (const auto& [name, value] : other) {
            if (!own.contains(name))
                out.push_back({Code::LabelMissingHere, {name, value}});
        }
        return out;
    }

    /// Which labels all series of a side have.
    static std::set<QString> commonNames(const Series& side)
    {
        std::set<QString> out;
        for (const auto& [name, value] : side.front().labels) {
            if (name != kName)
                out.insert(name);
        }
        for (const InstantSeries& one : side)
            std::erase_if(out, [&one](const QString& name) { return !one.labels.contains(name); });
        return out;
    }

    /// Looks for labels that would give more partners: those that both sides have, without those that never agree.
    void suggest(std::size_t matched, bool set)
    {
        const std::set<QString> left = commonNames(m_left);
        const std::set<QString> right = commonNames(m_right);
        QStringList shared;
        QStringList different;
        for (const QString& name : left) {
            if (!right.contains(name)) {
                different.append(name);
                continue;
            }
            std::set<QString> values;
            for (const InstantSeries& one : m_left)
                values.insert(one.labels.value(name));
            const bool agrees = std::any_of(m_right.begin(), m_right.end(), [&](const InstantSeries& one) { return values.contains(one.labels.value(name)); });
            (agrees ? shared : different).append(name);
        }
        for (const QString& name : right) {
            if (!left.contains(name))
                different.append(name);
        }
        if (shared.isEmpty())
            return;
        std::map<Labels, std::pair<std::size_t, std::size_t>> groups;
        for (const InstantSeries& one : m_left)
            ++groups[keyOf(one.labels, true, shared)].first;
        for (const InstantSeries& one : m_right)
            ++groups[keyOf(one.labels, true, shared)].second;
        std::size_t partners = 0;
        std::size_t mostLeft = 0;
        std::size_t mostRight = 0;
        for (const auto& [key, counts] : groups) {
            partners += counts.first > 0 && counts.second > 0 ? 1 : 0;
            mostLeft = std::max(mostLeft, counts.first);
            mostRight = std::max(mostRight, counts.second);
        }
        if ((partners <= matched && !m_out.isRefused) || partners == 0 || (mostLeft > 1 && mostRight > 1 && !set))
            return;
        const QString groupBy = set || (mostLeft <= 1 && mostRight <= 1) ? QString() : mostLeft > 1 ? u"group_left"_s : u"group_right"_s;
        const bool asIgnoring = !m_matching.on && !different.isEmpty() && different.size() <= shared.size();
        MatchNote note {asIgnoring ? Code::SuggestIgnoring : Code::SuggestOn, {(asIgnoring ? different : shared).join(u", "_s), QString(), groupBy, QString::number(partners)}};
        if (ruleOf(note) != m_out.rule)
            m_out.notes.push_back(std::move(note));
    }

    static QString ruleOf(const MatchNote& note)
    {
        const QString out = (note.code == Code::SuggestOn ? u"on("_s : u"ignoring("_s) + note.parameters[0] + u')';
        return note.parameters[2].isEmpty() ? out : out + u' ' + note.parameters[2] + u"()"_s;
    }

    Tok m_op;
    const MatchingData& m_matching;
    const Series& m_left;
    const Series& m_right;
    std::size_t m_most;
    QStringList m_names;
    QStringList m_include;
    QString m_opText;
    std::vector<MatchGroup> m_all;
    MatchExplanation m_out;
};

} // namespace

QString matchNoteName(Code code)
{
    switch (code) {
    case Code::LeftEmpty: return u"left-empty"_s;
    case Code::RightEmpty: return u"right-empty"_s;
    case Code::NothingMatched: return u"nothing-matched"_s;
    case Code::DuplicateOnOneSide: return u"duplicate-on-one-side"_s;
    case Code::ManyNeedGroup: return u"many-need-group"_s;
    case Code::NotUnique: return u"not-unique"_s;
    case Code::SuggestOn: return u"suggest-on"_s;
    case Code::SuggestIgnoring: return u"suggest-ignoring"_s;
    case Code::OtherSideEmpty: return u"other-side-empty"_s;
    case Code::LabelDiffers: return u"label-differs"_s;
    case Code::LabelMissingThere: return u"label-missing-there"_s;
    case Code::LabelMissingHere: return u"label-missing-here"_s;
    case Code::Filled: return u"filled"_s;
    case Code::ComparisonFalse: return u"comparison-false"_s;
    case Code::RemovedByUnless: return u"removed-by-unless"_s;
    case Code::KeptByOr: return u"kept-by-or"_s;
    case Code::IncludedLabel: return u"included-label"_s;
    case Code::IncludedMissing: return u"included-missing"_s;
    }
    return {};
}

MatchExplanation explainMatching(const Ast& ast, NodeId binary, const Series& left, const Series& right, std::size_t most)
{
    const Node& node = ast.at(binary);
    if (node.kind != NodeKind::Binary || !ast.matching(node).hasMatching)
        return {};
    return Explainer(node, ast.matching(node), left, right, most).run(tokenText(node.op));
}

} // namespace Promdeck::Promql
