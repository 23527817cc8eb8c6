#pragma once

#include "models/promql/completion.h"

#include <QString>

#include <functional>
#include <vector>

namespace Promdeck {

/// A PromQL expression as a dashboard writes it, with variables in it, beside the text a server would get. The
/// grammar only knows the latter; places are translated between the two. Offsets of the written text are in UTF-16
/// units (QString's), those of the sent text in bytes of UTF-8.
class ExpressionText
{
public:
    /// `expand` gives what one reference ("$job", "${job:regex}", "[[job]]") becomes; an unknown one comes back as it is.
    ExpressionText(const QString& written, const std::function<QString(const QString& reference)>& expand);

    [[nodiscard]] const QString& written() const { return m_written; }
    [[nodiscard]] const std::string& sent() const { return m_sent; }
    /// A place inside a variable belongs to its start, or with `end` to its end.
    [[nodiscard]] std::uint32_t toSent(qsizetype place, bool end = false) const;
    [[nodiscard]] qsizetype toWritten(std::uint32_t place, bool end = false) const;

private:
    struct Piece ///< starts of a stretch in both texts; variables are stretches of their own
    {
        qsizetype written = 0;
        std::uint32_t sent = 0;
        bool variable = false;
    };
    QString m_written;
    std::string m_sent;
    std::vector<Piece> m_pieces; ///< ascending, the last is the end
};

/// One problem of an expression, in the written text.
struct ExpressionProblem
{
    qsizetype start = 0;
    qsizetype end = 0;
    QString message;
    QString hint;
};

/// Checks an expression with the grammar of the newest server. An empty one has no problems.
[[nodiscard]] std::vector<ExpressionProblem> checkExpression(const ExpressionText& text);

} // namespace Promdeck
