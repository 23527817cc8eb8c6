// Build-time tool: turns promql.grammar into LALR(1) tables.
//
//   promdeck_lalr GRAMMAR TABLES ACTIONS
//
// TABLES are for the parser; ACTIONS holds only the enumeration of what rules do.
//
// The grammar has two dialects (`[old]` and `[new]` alternatives); each gets its own tables, over one numbering of
// terminals and rules. Conflicts are settled as yacc settles them: by precedence, else shift, else the earlier rule.
// A state has the most frequent reduction as its default unless it can shift `error`. Those two habits decide where
// an error is noticed, and so which message the server prints; that is why they are kept.

#include <algorithm>
#include <bitset>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

constexpr int kMaxTerminals = 128;
using TerminalSet = std::bitset<kMaxTerminals>;

enum class Assoc { None, Left, Right, Nonassoc };

struct Precedence
{
    int level = 0;
    Assoc assoc = Assoc::None;
};

struct Rule
{
    int lhs = 0;
    std::vector<int> rhs; ///< terminals >= 0, nonterminals as ~index
    std::string action;
    Precedence precedence;
    bool inOld = true;
    bool inNew = true;
};

struct Grammar
{
    std::vector<std::string> terminals { "End", "error" };
    std::vector<std::string> nonterminals { "$accept" };
    std::map<std::string, int> terminalIndex { { "End", 0 }, { "error", 1 } };
    std::map<std::string, int> nonterminalIndex { { "$accept", 0 } };
    std::map<int, Precedence> precedence;
    std::vector<Rule> rules;
    std::vector<std::string> actions;
};

[[noreturn]] void fail(const std::string& message)
{
    std::cerr << "promql.grammar: " << message << '\n';
    std::exit(1);
}

int nonterminal(Grammar& g, const std::string& name)
{
    auto [it, fresh] = g.nonterminalIndex.try_emplace(name, int(g.nonterminals.size()));
    if (fresh)
        g.nonterminals.push_back(name);
    return it->second;
}

bool isTerminalName(const std::string& word)
{
    return word == "error" || (word[0] >= 'A' && word[0] <= 'Z');
}

int symbol(Grammar& g, const std::string& word)
{
    if (!isTerminalName(word))
        return ~nonterminal(g, word);
    const auto it = g.terminalIndex.find(word);
    if (it == g.terminalIndex.end())
        fail("unknown token " + word);
    return it->second;
}

void addAlternative(Grammar& g, int lhs, const std::vector<std::string>& words)
{
    Rule rule;
    rule.lhs = lhs;
    rule.action = "Pass";
    for (size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (word == "[old]") {
            rule.inNew = false;
        } else if (word == "[new]") {
            rule.inOld = false;
        } else if (word == "=>") {
            rule.action = words.at(++i);
        } else if (word == "%prec") {
            rule.precedence = g.precedence.at(symbol(g, words.at(++i)));
        } else {
            const int s = symbol(g, word);
            rule.rhs.push_back(s);
            if (s >= 0 && s != 1)
                rule.precedence = g.precedence.count(s) ? g.precedence[s] : Precedence {};
        }
    }
    g.rules.push_back(rule);
}

Grammar readGrammar(const char* path)
{
    std::ifstream in(path);
    if (!in)
        fail(std::string("cannot read ") + path);
    Grammar g;
    g.rules.push_back({ 0, {}, "Pass", {}, true, true });
    std::string line;
    int level = 0;
    int lhs = -1;
    while (std::getline(in, line)) {
        std::istringstream stream(line.substr(0, line.find('#')));
        std::vector<std::string> words;
        for (std::string word; stream >> word;)
            words.push_back(word);
        if (words.empty())
            continue;
        const std::string head = words[0];
        if (head == "%token") {
            for (size_t i = 1; i < words.size(); ++i) {
                g.terminalIndex[words[i]] = int(g.terminals.size());
                g.terminals.push_back(words[i]);
            }
        } else if (head == "%left" || head == "%right" || head == "%nonassoc") {
            ++level;
            const Assoc assoc = head == "%left" ? Assoc::Left : head == "%right" ? Assoc::Right : Assoc::Nonassoc;
            for (size_t i = 1; i < words.size(); ++i)
                g.precedence[symbol(g, words[i])] = { level, assoc };
        } else if (head == "|") {
            addAlternative(g, lhs, { words.begin() + 1, words.end() });
        } else {
            if (words.size() < 2 || words[1] != ":")
                fail("expected 'name :' but got " + line);
            lhs = nonterminal(g, head);
            // "name : A | B | C" on one line, for lists of tokens.
            std::vector<std::string> part;
            for (size_t i = 2; i <= words.size(); ++i) {
                if (i == words.size() || words[i] == "|") {
                    addAlternative(g, lhs, part);
                    part.clear();
                } else {
                    part.push_back(words[i]);
                }
            }
        }
    }
    g.rules[0].rhs = { ~nonterminal(g, "start") };
    for (const Rule& rule : g.rules) {
        if (std::find(g.actions.begin(), g.actions.end(), rule.action) == g.actions.end())
            g.actions.push_back(rule.action);
    }
    if (g.terminals.size() > kMaxTerminals)
        fail("too many tokens");
    return g;
}

struct Item
{
    int rule;
    int dot;
    bool operator<(const Item& other) const { return rule != other.rule ? rule < other.rule : dot < other.dot; }
    bool operator==(const Item& other) const { return rule == other.rule && dot == other.dot; }
};

struct State
{
    std::vector<Item> kernel;
    std::map<int, int> transitions;
    std::vector<TerminalSet> lookahead; ///< per kernel item
};

class Generator
{
public:
    Generator(const Grammar& grammar, bool newDialect)
        : m_g(grammar)
    {
        m_byLhs.resize(m_g.nonterminals.size());
        for (size_t i = 0; i < m_g.rules.size(); ++i) {
            if (newDialect ? m_g.rules[i].inNew : m_g.rules[i].inOld)
                m_byLhs[size_t(m_g.rules[i].lhs)].push_back(int(i));
        }
        computeFirst();
        buildStates();
        computeLookaheads();
        buildTables();
    }

    void write(std::ostream& out, const std::string& prefix) const
    {
        const auto array = [&](const char* name, const std::vector<std::vector<int>>& rows, size_t columns) {
            out << "static const std::int16_t " << prefix << name << "[" << rows.size() << "][" << columns << "] = {\n";
            for (const auto& row : rows) {
                out << "{";
                for (size_t i = 0; i < row.size(); ++i)
                    out << (i ? "," : "") << row[i];
                out << "},\n";
            }
            out << "};\n";
        };
        array("Action", m_action, m_g.terminals.size());
        array("Goto", m_goto, m_g.nonterminals.size());
        out << "static const std::int16_t " << prefix << "Default[" << m_default.size() << "] = {";
        for (int value : m_default)
            out << value << ",";
        out << "};\nstatic const bool " << prefix << "Simple[" << m_simple.size() << "] = {";
        for (bool value : m_simple)
            out << int(value) << ",";
        out << "};\n";
    }

private:
    const Rule& rule(int index) const { return m_g.rules[size_t(index)]; }

    void computeFirst()
    {
        m_first.resize(m_g.nonterminals.size());
        m_nullable.resize(m_g.nonterminals.size());
        for (bool changed = true; changed;) {
            changed = false;
            for (const auto& list : m_byLhs) {
                for (int r : list) {
                    const size_t lhs = size_t(rule(r).lhs);
                    TerminalSet set = m_first[lhs];
                    bool nullable = true;
                    for (int s : rule(r).rhs) {
                        if (s >= 0) {
                            set.set(size_t(s));
                            nullable = false;
                        } else {
                            set |= m_first[size_t(~s)];
                            nullable = m_nullable[size_t(~s)];
                        }
                        if (!nullable)
                            break;
                    }
                    if (set != m_first[lhs] || (nullable && !m_nullable[lhs])) {
                        m_first[lhs] = set;
                        m_nullable[lhs] = m_nullable[lhs] || nullable;
                        changed = true;
                    }
                }
            }
        }
    }

    std::vector<Item> closure(const std::vector<Item>& kernel) const
    {
        std::vector<Item> items = kernel;
        std::vector<bool> seen(m_g.nonterminals.size());
        for (size_t i = 0; i < items.size(); ++i) {
            const Rule& r = rule(items[i].rule);
            if (size_t(items[i].dot) >= r.rhs.size() || r.rhs[size_t(items[i].dot)] >= 0)
                continue;
            const size_t n = size_t(~r.rhs[size_t(items[i].dot)]);
            if (seen[n])
                continue;
            seen[n] = true;
            for (int next : m_byLhs[n])
                items.push_back({ next, 0 });
        }
        return items;
    }

    void buildStates()
    {
        std::map<std::vector<Item>, int> index;
        m_states.push_back({ { { 0, 0 } }, {}, {} });
        index[m_states[0].kernel] = 0;
        for (size_t s = 0; s < m_states.size(); ++s) {
            std::map<int, std::vector<Item>> next;
            for (const Item& item : closure(m_states[s].kernel)) {
                const Rule& r = rule(item.rule);
                if (size_t(item.dot) < r.rhs.size())
                    next[r.rhs[size_t(item.dot)]].push_back({ item.rule, item.dot + 1 });
            }
            for (auto& [sym, kernel] : next) {
                std::sort(kernel.begin(), kernel.end());
                kernel.erase(std::unique(kernel.begin(), kernel.end()), kernel.end());
                const auto [it, fresh] = index.try_emplace(kernel, int(m_states.size()));
                if (fresh)
                    m_states.push_back({ kernel, {}, {} });
                m_states[s].transitions[sym] = it->second;
            }
        }
        for (State& state : m_states)
            state.lookahead.resize(state.kernel.size());
    }

    /// LR(1) closure of one item; lookahead sets by item.
    std::map<Item, TerminalSet> closure1(const Item& start, const TerminalSet& lookahead) const
    {
        std::map<Item, TerminalSet> sets;
        sets[start] = lookahead;
        std::vector<Item> work { start };
        while (!work.empty()) {
            const Item item = work.back();
            work.pop_back();
            const Rule& r = rule(item.rule);
            if (size_t(item.dot) >= r.rhs.size() || r.rhs[size_t(item.dot)] >= 0)
                continue;
            TerminalSet follow;
            bool nullable = true;
            for (size_t i = size_t(item.dot) + 1; i < r.rhs.size() && nullable; ++i) {
                const int s = r.rhs[i];
                if (s >= 0) {
                    follow.set(size_t(s));
                    nullable = false;
                } else {
                    follow |= m_first[size_t(~s)];
                    nullable = m_nullable[size_t(~s)];
                }
            }
            if (nullable)
                follow |= sets[item];
            for (int next : m_byLhs[size_t(~r.rhs[size_t(item.dot)])]) {
                const Item added { next, 0 };
                const auto it = sets.find(added);
                const TerminalSet merged = it == sets.end() ? follow : it->second | follow;
                if (it == sets.end() || merged != it->second) {
                    sets[added] = merged;
                    work.push_back(added);
                }
            }
        }
        return sets;
    }

    void computeLookaheads()
    {
        constexpr size_t marker = kMaxTerminals - 1;
        struct Link
        {
            size_t fromState, fromItem, toState, toItem;
        };
        std::vector<Link> links;
        m_states[0].lookahead[0].set(0);
        for (size_t s = 0; s < m_states.size(); ++s) {
            for (size_t k = 0; k < m_states[s].kernel.size(); ++k) {
                TerminalSet dummy;
                dummy.set(marker);
                for (const auto& [item, set] : closure1(m_states[s].kernel[k], dummy)) {
                    const Rule& r = rule(item.rule);
                    if (size_t(item.dot) >= r.rhs.size())
                        continue;
                    const size_t target = size_t(m_states[s].transitions.at(r.rhs[size_t(item.dot)]));
                    const auto& kernel = m_states[target].kernel;
                    const Item moved { item.rule, item.dot + 1 };
                    const size_t at = size_t(std::lower_bound(kernel.begin(), kernel.end(), moved) - kernel.begin());
                    TerminalSet spontaneous = set;
                    spontaneous.reset(marker);
                    m_states[target].lookahead[at] |= spontaneous;
                    if (set.test(marker))
                        links.push_back({ s, k, target, at });
                }
            }
        }
        for (bool changed = true; changed;) {
            changed = false;
            for (const Link& link : links) {
                TerminalSet& to = m_states[link.toState].lookahead[link.toItem];
                const TerminalSet merged = to | m_states[link.fromState].lookahead[link.fromItem];
                if (merged != to) {
                    to = merged;
                    changed = true;
                }
            }
        }
    }

    // Actions: 0 error, n > 0 shift to state n - 1, n < 0 reduce by rule -n - 1, kAccept accept.
    static constexpr int kAccept = 32767;

    void addReduce(std::vector<int>& row, const State& state, int r, size_t terminal)
    {
        int& cell = row[terminal];
        const auto shift = state.transitions.find(int(terminal));
        if (shift != state.transitions.end() && cell > 0) {
            const auto it = m_g.precedence.find(int(terminal));
            const Precedence rulePrec = rule(r).precedence;
            if (it == m_g.precedence.end() || rulePrec.level == 0)
                return;
            if (rulePrec.level > it->second.level || (rulePrec.level == it->second.level && it->second.assoc == Assoc::Left))
                cell = -r - 1;
            else if (rulePrec.level == it->second.level && it->second.assoc == Assoc::Nonassoc)
                cell = 0;
            return;
        }
        if (cell == 0 || -cell - 1 > r)
            cell = -r - 1;
    }

    void buildTables()
    {
        const size_t terminals = m_g.terminals.size();
        for (const State& state : m_states) {
            std::vector<int> row(terminals);
            std::vector<int> jumps(m_g.nonterminals.size());
            for (const auto& [sym, target] : state.transitions) {
                if (sym >= 0)
                    row[size_t(sym)] = target + 1;
                else
                    jumps[size_t(~sym)] = target;
            }
            for (size_t k = 0; k < state.kernel.size(); ++k) {
                for (const auto& [item, set] : closure1(state.kernel[k], state.lookahead[k])) {
                    if (size_t(item.dot) < rule(item.rule).rhs.size())
                        continue;
                    for (size_t t = 0; t < terminals; ++t) {
                        if (!set.test(t))
                            continue;
                        if (item.rule == 0)
                            row[t] = kAccept;
                        else
                            addReduce(row, state, item.rule, t);
                    }
                }
            }
            finishRow(row);
            m_action.push_back(row);
            m_goto.push_back(jumps);
        }
    }

    void finishRow(std::vector<int>& row)
    {
        std::map<int, int> counts;
        for (int cell : row) {
            if (cell < 0)
                ++counts[cell];
        }
        int best = 0;
        if (row[1] <= 0) {
            for (const auto& [cell, count] : counts) {
                if (best == 0 || count > counts[best])
                    best = cell;
            }
        }
        bool simple = best != 0;
        for (int& cell : row) {
            if (cell == best)
                cell = 0;
            simple = simple && cell == 0;
        }
        m_default.push_back(best);
        m_simple.push_back(simple);
    }

    const Grammar& m_g;
    std::vector<std::vector<int>> m_byLhs;
    std::vector<TerminalSet> m_first;
    std::vector<bool> m_nullable;
    std::vector<State> m_states;
    std::vector<std::vector<int>> m_action;
    std::vector<std::vector<int>> m_goto;
    std::vector<int> m_default;
    std::vector<bool> m_simple;
};

void writeActions(const Grammar& g, std::ostream& out)
{
    out << "// Generated from promql.grammar. Do not edit.\nenum class Action : std::uint8_t {";
    for (const std::string& action : g.actions)
        out << action << ",";
    out << "};\n";
}

void writeTables(const Grammar& g, std::ostream& out)
{
    writeActions(g, out);
    for (size_t i = 2; i < g.terminals.size(); ++i)
        out << "static_assert(int(Tok::" << g.terminals[i] << ") == " << i << ");\n";
    out << "struct RuleInfo { std::int16_t lhs; std::uint8_t length; Action action; };\n";
    out << "static constexpr RuleInfo kRules[] = {\n";
    for (const Rule& rule : g.rules)
        out << "{" << rule.lhs << "," << rule.rhs.size() << ",Action::" << rule.action << "},\n";
    out << "};\n";
    Generator(g, false).write(out, "kOld");
    Generator(g, true).write(out, "kNew");
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 4) {
        std::cerr << "usage: promdeck_lalr GRAMMAR TABLES ACTIONS\n";
        return 2;
    }
    const Grammar grammar = readGrammar(argv[1]);
    std::ofstream tables(argv[2]);
    writeTables(grammar, tables);
    std::ofstream actions(argv[3]);
    writeActions(grammar, actions);
    return tables && actions ? 0 : 1;
}
