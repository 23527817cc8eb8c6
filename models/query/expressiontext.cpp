#include "models/query/expressiontext.h"

#include <QRegularExpression>

#include <algorithm>

namespace Promdeck {

using namespace Qt::StringLiterals;

ExpressionText::ExpressionText(const QString& written, const std::function<QString(const QString&)>& expand)
    : m_written(written)
{
    static const QRegularExpression reference(u"\\$\\w+|\\$\\{\\w+[^}]*\\}|\\[\\[\\w+(?::\\w+)?\\]\\]"_s);
    qsizetype at = 0;
    const auto plain = [this, &at](qsizetype end) {
        if (end > at) {
            m_pieces.push_back({at, std::uint32_t(m_sent.size()), false});
            m_sent += QStringView(m_written).mid(at, end - at).toUtf8().toStdString();
        }
        at = end;
    };
    for (auto it = reference.globalMatch(m_written); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        const QString value = expand ? expand(match.captured()) : match.captured();
        if (value == match.captured())
            continue; // nobody knows it: the grammar will say so
        plain(match.capturedStart());
        m_pieces.push_back({at, std::uint32_t(m_sent.size()), true});
        m_sent += value.toStdString();
        at = match.capturedEnd();
    }
    plain(m_written.size());
    m_pieces.push_back({m_written.size(), std::uint32_t(m_sent.size()), false});
}

std::uint32_t ExpressionText::toSent(qsizetype place, bool end) const
{
    const qsizetype wanted = std::clamp<qsizetype>(place, 0, m_written.size());
    auto next = std::upper_bound(m_pieces.begin(), m_pieces.end(), wanted,
                                 [](qsizetype at, const Piece& piece) { return at < piece.written; });
    if (next == m_pieces.begin())
        return 0;
    const Piece& piece = *(next - 1);
    if (wanted == piece.written)
        return piece.sent;
    if (piece.variable)
        return end && next != m_pieces.end() ? next->sent : piece.sent;
    return piece.sent + std::uint32_t(QStringView(m_written).mid(piece.written, wanted - piece.written).toUtf8().size());
}

qsizetype ExpressionText::toWritten(std::uint32_t place, bool end) const
{
    const std::uint32_t wanted = std::min(place, std::uint32_t(m_sent.size()));
    auto next = std::upper_bound(m_pieces.begin(), m_pieces.end(), wanted,
                                 [](std::uint32_t at, const Piece& piece) { return at < piece.sent; });
    if (next == m_pieces.begin())
        return 0;
    const Piece& piece = *(next - 1);
    if (wanted == piece.sent)
        return piece.written;
    if (piece.variable)
        return end && next != m_pieces.end() ? next->written : piece.written;
    return piece.written + QString::fromUtf8(m_sent.data() + piece.sent, qsizetype(wanted - piece.sent)).size();
}

std::vector<ExpressionProblem> checkExpression(const ExpressionText& text)
{
    std::vector<ExpressionProblem> problems;
    if (QStringView(text.written()).trimmed().isEmpty())
        return problems;
    for (const Promql::Problem& problem : Promql::parse(text.sent()).problems) {
        ExpressionProblem one;
        one.start = text.toWritten(problem.range.start);
        one.end = std::max(one.start, text.toWritten(problem.range.end, true));
        one.message = QString::fromStdString(problem.message);
        one.hint = QString::fromStdString(problem.hint);
        problems.push_back(std::move(one));
    }
    return problems;
}

} // namespace Promdeck
