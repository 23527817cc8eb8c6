#include "widgets/common/richtext.h"

#include "widgets/common/theme.h"

#include <QRegularExpression>
#include <QSet>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextList>
#include <QTextTable>

#include <vector>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

const QSet<QString>& allowedTags()
{
    static const QSet<QString> tags {
        u"a"_s, u"abbr"_s, u"b"_s, u"big"_s, u"blockquote"_s, u"br"_s, u"center"_s, u"code"_s, u"dd"_s, u"del"_s,
        u"div"_s, u"dl"_s, u"dt"_s, u"em"_s, u"font"_s, u"h1"_s, u"h2"_s, u"h3"_s, u"h4"_s, u"h5"_s, u"h6"_s,
        u"hr"_s, u"i"_s, u"kbd"_s, u"li"_s, u"ol"_s, u"p"_s, u"pre"_s, u"s"_s, u"small"_s, u"span"_s,
        u"strong"_s, u"sub"_s, u"sup"_s, u"table"_s, u"tbody"_s, u"td"_s, u"tfoot"_s, u"th"_s, u"thead"_s,
        u"tr"_s, u"tt"_s, u"u"_s, u"ul"_s, u"var"_s};
    return tags;
}

// Their content is not text to read either.
const QSet<QString>& droppedWithContent()
{
    static const QSet<QString> tags {u"script"_s, u"style"_s, u"iframe"_s, u"object"_s, u"embed"_s,
                                     u"template"_s, u"svg"_s, u"math"_s, u"noscript"_s, u"head"_s, u"title"_s,
                                     u"textarea"_s, u"select"_s, u"video"_s, u"audio"_s, u"canvas"_s};
    return tags;
}

bool isSafeUrl(const QString& url)
{
    static const QRegularExpression blanks(u"[\\x00-\\x20]"_s);
    QString compact = url;
    compact.replace(u"&colon;"_s, u":"_s).replace(u"&#58;"_s, u":"_s).replace(u"&#x3a;"_s, u":"_s, Qt::CaseInsensitive);
    compact.remove(blanks);
    static const QRegularExpression scheme(u"^([a-z][a-z0-9+.-]*):"_s, QRegularExpression::CaseInsensitiveOption);
    const auto match = scheme.match(compact);
    if (!match.hasMatch())
        return !compact.contains(u"&#"_s);
    const QString name = match.captured(1).toLower();
    return name == u"http" || name == u"https" || name == u"mailto";
}

QString safeStyle(const QString& style)
{
    static const QSet<QString> allowed {
        u"color"_s, u"background-color"_s, u"background"_s, u"font-size"_s, u"font-weight"_s, u"font-style"_s,
        u"font-family"_s, u"text-align"_s, u"text-decoration"_s, u"margin"_s, u"margin-top"_s, u"margin-bottom"_s,
        u"margin-left"_s, u"margin-right"_s, u"padding"_s, u"vertical-align"_s, u"white-space"_s};
    QStringList kept;
    for (const QString& rule : style.split(u';', Qt::SkipEmptyParts)) {
        const QString name = rule.section(u':', 0, 0).trimmed().toLower();
        const QString value = rule.section(u':', 1).trimmed();
        if (allowed.contains(name) && !value.contains(u"url"_s, Qt::CaseInsensitive)
            && !value.contains(u"expression"_s, Qt::CaseInsensitive) && !value.contains(u'\\'))
            kept << name + u':' + value;
    }
    return kept.join(u';');
}

QString safeAttributes(const QString& tag, const QString& text)
{
    static const QRegularExpression attribute(
        u"(?<![a-zA-Z0-9_-])([a-zA-Z][a-zA-Z0-9_-]*+)\\s*+=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^\\s\"'>]+))"_s);
    static const QSet<QString> plain {u"align"_s, u"valign"_s, u"colspan"_s, u"rowspan"_s, u"width"_s, u"height"_s,
                                      u"border"_s, u"cellpadding"_s, u"cellspacing"_s, u"bgcolor"_s, u"color"_s,
                                      u"size"_s, u"face"_s, u"start"_s, u"dir"_s};
    QString out;
    auto it = attribute.globalMatch(text);
    while (it.hasNext()) {
        const auto match = it.next();
        const QString name = match.captured(1).toLower();
        QString value = match.captured(2) + match.captured(3) + match.captured(4);
        if (name == u"style")
            value = safeStyle(value);
        else if (name == u"href" ? tag != u"a" || !isSafeUrl(value) : !plain.contains(name))
            continue;
        if (!value.isEmpty())
            out += u' ' + name + u"=\""_s + value.replace(u'"', u"&quot;"_s).replace(u'<', u"&lt;"_s) + u'"';
    }
    return out;
}

// The position behind `</tag>`, or the end: an unclosed script swallows the rest, as in a browser.
qsizetype behindClosing(const QString& html, const QString& tag, qsizetype from)
{
    const qsizetype closing = html.indexOf(u"</"_s + tag, from, Qt::CaseInsensitive);
    if (closing < 0)
        return html.size();
    const qsizetype end = html.indexOf(u'>', closing);
    return end < 0 ? html.size() : end + 1;
}

// For each place the '>' that ends a tag there, quotes heeded; the size of the text where none does. Made from behind in
// one pass, so that a hostile text costs no more than another.
std::vector<qsizetype> tagEnds(const QString& html)
{
    const qsizetype size = html.size();
    std::vector<qsizetype> ends(size_t(size) + 1, size);
    qsizetype inDouble = size;
    qsizetype inSingle = size;
    for (qsizetype i = size - 1; i >= 0; --i) {
        const QChar c = html[i];
        const qsizetype plain = ends[size_t(i) + 1];
        ends[size_t(i)] = c == u'>' ? i : c == u'"' ? inDouble : c == u'\'' ? inSingle : plain;
        if (c == u'"')
            inDouble = plain;
        else if (c == u'\'')
            inSingle = plain;
    }
    return ends;
}

bool isNamePart(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9');
}

struct Fragment
{
    int position = 0;
    int length = 0;
    QTextCharFormat format;
};

// A copy, because an edit ends every iterator over fragments.
std::vector<Fragment> fragments(const QTextDocument& document)
{
    std::vector<Fragment> out;
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        for (auto it = block.begin(); !it.atEnd(); ++it) {
            const QTextFragment fragment = it.fragment();
            out.push_back({fragment.position(), fragment.length(), fragment.charFormat()});
        }
    }
    return out;
}

QTextCursor cursorOver(QTextDocument* document, const Fragment& fragment)
{
    QTextCursor cursor(document);
    cursor.setPosition(fragment.position);
    cursor.setPosition(fragment.position + fragment.length, QTextCursor::KeepAnchor);
    return cursor;
}

// What the text did not show is taken out of the document: Markdown names images and link targets away from where
// they are used, and entities hide a scheme. True when something was.
bool scrub(QTextDocument* document)
{
    bool changed = false;
    const std::vector<Fragment> all = fragments(*document);
    // From the end, so that the positions still to come hold.
    for (auto it = all.rbegin(); it != all.rend(); ++it) {
        QTextCharFormat format = it->format;
        if (format.isImageFormat()) {
            cursorOver(document, *it).insertText(format.stringProperty(QTextFormat::ImageAltText), QTextCharFormat());
        } else if (format.isAnchor() && !isSafeUrl(format.anchorHref())) {
            format.clearProperty(QTextFormat::IsAnchor);
            format.clearProperty(QTextFormat::AnchorHref);
            format.clearProperty(QTextFormat::AnchorName);
            format.clearForeground();
            format.setFontUnderline(false);
            cursorOver(document, *it).setCharFormat(format);
        } else {
            continue;
        }
        changed = true;
    }
    return changed;
}

void colourLinksAndCode(QTextDocument* document)
{
    const ThemeColors& c = Theme::instance().colors();
    for (const Fragment& fragment : fragments(*document)) {
        QTextCharFormat change;
        if (fragment.format.isAnchor()) {
            change.setForeground(c.link);
            change.setFontUnderline(false);
        } else if (fragment.format.fontFixedPitch()) {
            change.setBackground(c.secondary);
        } else {
            continue;
        }
        cursorOver(document, fragment).mergeCharFormat(change);
    }
}

/// Room between the parts of a text, quotations that look like such, tables with one thin line.
void layOut(QTextDocument* document)
{
    const ThemeColors& c = Theme::instance().colors();
    for (QTextBlock block = document->begin(); block.isValid(); block = block.next()) {
        QTextCursor cursor(block);
        if (const QTextTable* table = cursor.currentTable()) {
            // The reader gives the first cell what stood before the table.
            QTextBlockFormat cell = block.blockFormat();
            cell.setTopMargin(0);
            cell.setBottomMargin(0);
            cursor.setBlockFormat(cell);
            if (table->cellAt(cursor).row() == 0) {
                QTextCharFormat head;
                head.setFontWeight(QFont::Bold);
                cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
                cursor.mergeCharFormat(head);
            }
            cursor.currentTable()->setFormat([&c, &cursor] {
                QTextTableFormat format = cursor.currentTable()->format();
                format.setBorder(1);
                format.setBorderStyle(QTextFrameFormat::BorderStyle_Solid);
                format.setBorderBrush(c.borderMedium);
                format.setBorderCollapse(true);
                format.setCellSpacing(0);
                format.setCellPadding(5);
                format.setBottomMargin(8);
                return format;
            }());
            continue;
        }
        QTextBlockFormat format = block.blockFormat();
        if (format.headingLevel() > 0) {
            format.setTopMargin(block == document->begin() ? 0 : 10);
            format.setBottomMargin(6);
        } else if (format.intProperty(QTextFormat::BlockQuoteLevel) > 0) {
            format.setLeftMargin(14.0 * format.intProperty(QTextFormat::BlockQuoteLevel));
            format.setTopMargin(4);
            format.setBottomMargin(8);
            cursor.select(QTextCursor::BlockUnderCursor);
            QTextCharFormat quiet;
            quiet.setForeground(c.textSecondary);
            quiet.setFontItalic(true);
            cursor.mergeCharFormat(quiet);
        } else {
            format.setBottomMargin(block.textList() ? 2 : 8);
        }
        QTextCursor(block).setBlockFormat(format);
    }
}

QString defaultStyle()
{
    const ThemeColors& c = Theme::instance().colors();
    return u"a { color: %1; text-decoration: none; } code, kbd { background-color: %2; } "
           "th { text-align: left; } td, th { padding: 3px 10px 3px 0; }"_s.arg(c.link.name(), c.secondary.name());
}

} // namespace

QString sanitizeHtml(const QString& html)
{
    const std::vector<qsizetype> ends = tagEnds(html);
    QString out;
    out.reserve(html.size());
    for (qsizetype i = 0; i < html.size();) {
        if (html[i] != u'<') {
            out += html[i++];
            continue;
        }
        if (QStringView(html).mid(i).startsWith(u"<!")) {
            const bool comment = QStringView(html).mid(i).startsWith(u"<!--");
            const qsizetype end = html.indexOf(comment ? u"-->"_s : u">"_s, i);
            i = end < 0 ? html.size() : end + (comment ? 3 : 1);
            continue;
        }
        const bool closing = i + 1 < html.size() && html[i + 1] == u'/';
        const qsizetype name = closing ? i + 2 : i + 1;
        qsizetype behindName = name;
        while (behindName < html.size() && isNamePart(html[behindName]))
            ++behindName;
        const qsizetype end = ends[size_t(behindName)];
        // "<https://...>" is a link of Markdown.
        const bool address = html.size() > behindName && html[behindName] == u':';
        if (behindName == name || html[name].isDigit() || end == html.size() || address) {
            out += u"&lt;"_s;
            ++i;
            continue;
        }
        const QString tag = html.mid(name, behindName - name).toLower();
        i = end + 1;
        if (droppedWithContent().contains(tag)) {
            if (!closing)
                i = behindClosing(html, tag, i);
        } else if (allowedTags().contains(tag)) {
            out += closing ? u"</"_s + tag + u'>' : u'<' + tag + safeAttributes(tag, html.mid(behindName, end - behindName)) + u'>';
        }
    }
    return out;
}

void setMarkdown(QTextDocument* document, const QString& markdown)
{
    // Embedded HTML counts as text for QTextDocument's reader; convert first, so that both dialects mix. The first
    // document has no view and no layout, so that nothing is loaded before it was looked through.
    const bool mixed = markdown.contains(u'<');
    QTextDocument::MarkdownFeatures dialect = QTextDocument::MarkdownDialectGitHub;
    dialect.setFlag(QTextDocument::MarkdownNoHTML, !mixed);
    const QString text = mixed ? sanitizeHtml(markdown) : markdown;
    QTextDocument converted;
    converted.setMarkdown(text, dialect);
    const bool changed = scrub(&converted);
    document->setDefaultStyleSheet(defaultStyle());
    if (mixed || changed)
        document->setHtml(converted.toHtml());
    else
        document->setMarkdown(text, dialect);
    layOut(document);
    colourLinksAndCode(document);
}

void setSafeHtml(QTextDocument* document, const QString& html)
{
    document->setDefaultStyleSheet(defaultStyle());
    document->setHtml(sanitizeHtml(html));
    scrub(document);
    colourLinksAndCode(document);
}

} // namespace Promdeck
