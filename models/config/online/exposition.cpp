#include "models/config/online/exposition.h"

#include <QHash>
#include <QSet>

#include <algorithm>

namespace Promdeck::Config {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kMostProblems = 200;

bool isNameStart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
}

bool isNameChar(char c)
{
    return isNameStart(c) || (c >= '0' && c <= '9');
}

QString text(const QByteArray& bytes)
{
    return QString::fromUtf8(bytes);
}

/// The name that "_bucket", "_total" and so on belong to.
QByteArray familyOf(const QByteArray& name, const QHash<QByteArray, qsizetype>& known)
{
    if (known.contains(name))
        return name;
    for (const char* suffix : {"_bucket", "_sum", "_count", "_total", "_created", "_info"}) {
        if (name.endsWith(suffix)) {
            const QByteArray base = name.chopped(qsizetype(qstrlen(suffix)));
            if (known.contains(base))
                return base;
        }
    }
    return name;
}

bool isFloat(const QByteArray& word)
{
    static const QSet<QByteArray> words {"+inf", "-inf", "inf", "nan", "+infinity", "-infinity", "infinity"};
    if (words.contains(word.toLower()))
        return true;
    bool ok = false;
    (void)word.toDouble(&ok);
    return ok;
}

class Reader
{
public:
    Reader(const QByteArray& bytes, bool openMetrics) : m_bytes(bytes) { m_out.openMetrics = openMetrics; }

    Exposition run()
    {
        qsizetype start = 0;
        while (start < m_bytes.size()) {
            qsizetype end = m_bytes.indexOf('\n', start);
            ++m_line;
            if (end < 0) {
                end = m_bytes.size();
                problem(u"the last line does not end with a line break"_s);
            }
            readLine(m_bytes.mid(start, end - start));
            start = end + 1;
        }
        if (m_out.openMetrics && !m_ended)
            problem(u"OpenMetrics ends with \"# EOF\""_s);
        for (const Exposition::Family& family : m_out.families) {
            if (family.type == u"counter" && !m_out.openMetrics && !family.name.endsWith(u"_total") && family.series > 0)
                advice(family.line, u"counter %1 does not end in _total"_s.arg(family.name));
            if (family.help.isEmpty() && family.series > 0)
                advice(family.line, u"%1 has no help text"_s.arg(family.name));
        }
        std::erase_if(m_out.families, [](const Exposition::Family& family) { return family.series == 0; });
        std::stable_sort(m_out.families.begin(), m_out.families.end(), [](const auto& a, const auto& b) { return a.series > b.series; });
        return std::move(m_out);
    }

private:
    void problem(const QString& message)
    {
        if (m_out.problems.size() < kMostProblems)
            m_out.problems.push_back({m_line, message, true});
    }
    void advice(int line, const QString& message)
    {
        if (m_out.problems.size() < kMostProblems)
            m_out.problems.push_back({line, message, false});
    }
    Exposition::Family& family(const QByteArray& name)
    {
        auto found = m_known.find(name);
        if (found == m_known.end()) {
            found = m_known.insert(name, qsizetype(m_out.families.size()));
            m_out.families.push_back({text(name), {}, {}, 0, m_line});
        }
        return m_out.families[std::size_t(*found)];
    }

    void readComment(const QByteArray& line)
    {
        if (line == "# EOF") {
            m_ended = true;
            return;
        }
        const bool help = line.startsWith("# HELP ");
        const bool type = line.startsWith("# TYPE ");
        if (!help && !type)
            return; // any other comment
        const QByteArray rest = line.mid(7).trimmed();
        const qsizetype space = rest.indexOf(' ');
        const QByteArray name = space < 0 ? rest : rest.left(space);
        const QByteArray value = space < 0 ? QByteArray() : rest.mid(space + 1);
        if (help) {
            family(name).help = text(value);
            return;
        }
        static const QSet<QByteArray> types {"counter", "gauge", "histogram", "summary", "untyped", "unknown", "info", "stateset", "gaugehistogram"};
        if (!types.contains(value))
            problem(u"invalid metric type \"%1\""_s.arg(text(value)));
        Exposition::Family& of = family(name);
        if (!of.type.isEmpty())
            problem(u"second TYPE line for %1"_s.arg(text(name)));
        if (of.series > 0)
            problem(u"TYPE of %1 comes behind its samples"_s.arg(text(name)));
        of.type = text(value);
    }

    void readLine(const QByteArray& line)
    {
        if (m_ended && !line.isEmpty()) {
            problem(u"there is more behind # EOF"_s);
            return;
        }
        const QByteArray trimmed = line.trimmed();
        if (trimmed.isEmpty())
            return;
        if (trimmed.startsWith('#')) {
            readComment(trimmed);
            return;
        }
        qsizetype at = 0;
        QByteArray name;
        if (isNameStart(trimmed.at(0))) {
            while (at < trimmed.size() && isNameChar(trimmed.at(at)))
                ++at;
            name = trimmed.left(at);
        } else if (trimmed.at(0) != '{') {
            problem(u"expected a metric name, got \"%1\""_s.arg(text(trimmed.left(20))));
            return;
        }
        while (at < trimmed.size() && trimmed.at(at) == ' ')
            ++at;
        QByteArray labels;
        if (at < trimmed.size() && trimmed.at(at) == '{') {
            const qsizetype begin = at;
            if (!readLabels(trimmed, at, name))
                return;
            labels = trimmed.mid(begin, at - begin);
        }
        const QList<QByteArray> words = trimmed.mid(at).simplified().split(' ');
        if (words.isEmpty() || words.first().isEmpty() || !isFloat(words.first())) {
            problem(u"expected a value behind %1, got \"%2\""_s.arg(text(name), text(words.value(0))));
            return;
        }
        if (words.size() > 1 && !words.at(1).startsWith('#') && !isFloat(words.at(1)))
            problem(u"\"%1\" is no timestamp"_s.arg(text(words.at(1))));
        if (words.size() > 2 && !words.at(2).startsWith('#') && !words.at(1).startsWith('#'))
            problem(u"there is more behind the timestamp"_s);
        const QByteArray series = name + labels;
        if (m_series.contains(series))
            problem(u"%1 is there a second time"_s.arg(text(series)));
        m_series.insert(series);
        Exposition::Family& of = family(familyOf(name, m_known));
        if (of.series++ == 0)
            of.line = m_line;
        ++m_out.series;
    }

    /// From "{" to behind "}"; a quoted name in front of everything is the metric's.
    bool readLabels(const QByteArray& line, qsizetype& at, QByteArray& name)
    {
        QSet<QByteArray> seen;
        ++at;
        while (true) {
            while (at < line.size() && (line.at(at) == ' ' || line.at(at) == ','))
                ++at;
            if (at >= line.size()) {
                problem(u"the labels do not end"_s);
                return false;
            }
            if (line.at(at) == '}') {
                ++at;
                return true;
            }
            QByteArray label;
            if (line.at(at) == '"') {
                if (!readQuoted(line, at, label))
                    return false;
                if (at < line.size() && line.at(at) != '=') {
                    name = label;
                    continue;
                }
            } else {
                const qsizetype start = at;
                while (at < line.size() && isNameChar(line.at(at)) && line.at(at) != ':')
                    ++at;
                label = line.mid(start, at - start);
            }
            if (label.isEmpty() || at >= line.size() || line.at(at) != '=') {
                problem(u"expected name=\"value\" in the labels of %1"_s.arg(text(name)));
                return false;
            }
            if (seen.contains(label))
                problem(u"label %1 is there twice"_s.arg(text(label)));
            seen.insert(label);
            ++at;
            QByteArray value;
            if (at >= line.size() || line.at(at) != '"') {
                problem(u"the value of label %1 is not in quotes"_s.arg(text(label)));
                return false;
            }
            if (!readQuoted(line, at, value))
                return false;
        }
    }

    bool readQuoted(const QByteArray& line, qsizetype& at, QByteArray& out)
    {
        for (++at; at < line.size() && line.at(at) != '"'; ++at) {
            if (line.at(at) == '\\' && at + 1 < line.size())
                ++at;
            out += line.at(at);
        }
        if (at >= line.size()) {
            problem(u"a quote does not end"_s);
            return false;
        }
        ++at;
        return true;
    }

    const QByteArray& m_bytes;
    Exposition m_out;
    int m_line = 0;
    bool m_ended = false;
    QHash<QByteArray, qsizetype> m_known;
    QSet<QByteArray> m_series;
};

} // namespace

bool Exposition::ok() const
{
    return std::none_of(problems.begin(), problems.end(), [](const Problem& one) { return one.isError; });
}

Exposition readExposition(const QByteArray& text, const QString& contentType)
{
    return Reader(text, contentType.contains(u"openmetrics-text")).run();
}

} // namespace Promdeck::Config
