#include "widgets/workbench/codeeditor.h"

#include "widgets/common/theme.h"
#include "widgets/workbench/completionpopup.h"

#include <QAction>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QLabel>
#include <QScreen>

#include <algorithm>
#include <cctype>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

using Base = QsciScintillaBase;

enum Indicator { ErrorMark = 8, WarningMark, InfoMark, MatchMark };
enum Margin { NumberColumn, ProblemColumn, FoldColumn };
enum Marker { ErrorDot = 2, WarningDot };

constexpr size_t kMostMarks = 4000;  // findings that are underlined
constexpr size_t kMostNotes = 400;   // lines with a sentence below
constexpr int kNoteColumns = 110;
constexpr int kTipWidth = 520;
constexpr int kDwellMs = 350;
constexpr int kCompleteDelayMs = 40;
constexpr unsigned long kInserted = 1; // SC_MOD_INSERTTEXT
constexpr unsigned long kDeleted = 2;

unsigned long ul(std::size_t number)
{
    return static_cast<unsigned long>(number);
}

/// Words of a text in lines of limited width.
std::string wrapped(const std::string& text, const std::string& indent)
{
    std::string out;
    std::size_t column = 0;
    std::size_t at = 0;
    while (at < text.size()) {
        std::size_t end = text.find(' ', at);
        end = end == std::string::npos ? text.size() : end;
        if (column > 0 && column + (end - at) > kNoteColumns) {
            out += '\n' + indent;
            column = 0;
        } else if (column > 0) {
            out += ' ';
            ++column;
        }
        out += text.substr(at, end - at);
        column += end - at;
        at = end + 1;
    }
    return out;
}

} // namespace

CodeEditor::CodeEditor(QWidget* parent) : QsciScintilla(parent), m_styling(this), m_popup(new CompletionPopup(this)), m_tip(new QLabel(this, Qt::ToolTip))
{
    m_tip->setObjectName(u"codeTip"_s);
    m_tip->setTextFormat(Qt::RichText);
    m_tip->setWordWrap(true);
    m_tip->setMargin(8);
    m_tip->setFrameShape(QFrame::StyledPanel);
    m_tip->setAutoFillBackground(true);
    m_tip->hide();
    setObjectName(u"codeEditor"_s);
    setAccessibleName(tr("Configuration text"));
    setFrameShape(QFrame::NoFrame);
    setup();
    applyTheme();
    connect(&Theme::instance(), &Theme::changed, this, &CodeEditor::applyTheme);
    connect(this, &QsciScintillaBase::SCN_STYLENEEDED, this, [this](int position) { m_styling.styleUpTo(position); });
    connect(this, &QsciScintillaBase::SCN_MODIFIED, this,
            [this](int position, int type, const char*, int length, int linesAdded, int line, int, int, int, int) { modified(position, type, length, linesAdded, line); });
    connect(this, &QsciScintillaBase::SCN_CHARADDED, this, &CodeEditor::charAdded);
    connect(this, &QsciScintilla::cursorPositionChanged, this, [this] {
        markBraces();
        Q_EMIT cursorMoved();
    });
    connect(this, &QsciScintillaBase::SCN_DWELLSTART, this, &CodeEditor::dwell);
    connect(this, &QsciScintillaBase::SCN_DWELLEND, this, [this] { m_tip->hide(); });
    connect(this, &QsciScintilla::marginClicked, this, [this](int margin, int line, Qt::KeyboardModifiers) {
        if (margin != ProblemColumn)
            return;
        setCursorPosition(line, 0);
        Q_EMIT fixesWanted();
    });
    connect(m_popup, &CompletionPopup::accepted, this, &CodeEditor::accept);
    m_completeTimer.setSingleShot(true);
    m_completeTimer.setInterval(kCompleteDelayMs);
    connect(&m_completeTimer, &QTimer::timeout, this, &CodeEditor::complete);
}

CodeEditor::~CodeEditor() = default;

void CodeEditor::setup()
{
    setUtf8(true);
    SendScintilla(Base::SCI_SETLEXER, 0UL); // the container colours
    setTabWidth(2);
    setIndentationsUseTabs(false);
    setIndentationGuides(true);
    setBackspaceUnindents(true);
    setTabIndents(true);
    setAutoIndent(false);
    setScrollWidth(100);
    setScrollWidthTracking(true);
    setWrapMode(QsciScintilla::WrapNone);
    setExtraAscent(1);
    setExtraDescent(1);
    setFolding(QsciScintilla::PlainFoldStyle, FoldColumn);
    setMarginType(NumberColumn, QsciScintilla::NumberMargin);
    setMarginType(ProblemColumn, QsciScintilla::SymbolMargin);
    setMarginWidth(ProblemColumn, 14);
    setMarginWidth(FoldColumn, 14);
    setMarginSensitivity(ProblemColumn, true);
    setMarginMarkerMask(ProblemColumn, 1 << ErrorDot | 1 << WarningDot);
    SendScintilla(Base::SCI_SETMULTIPLESELECTION, 1UL);
    SendScintilla(Base::SCI_SETADDITIONALSELECTIONTYPING, 1UL);
    SendScintilla(Base::SCI_SETMOUSEDWELLTIME, static_cast<unsigned long>(kDwellMs));
    SendScintilla(Base::SCI_SETCARETSTICKY, 0UL);
    SendScintilla(Base::SCI_SETXCARETPOLICY, static_cast<unsigned long>(Base::CARET_SLOP | Base::CARET_EVEN), 60L);
    SendScintilla(Base::SCI_SETYCARETPOLICY, static_cast<unsigned long>(Base::CARET_SLOP | Base::CARET_STRICT | Base::CARET_EVEN), 3L);
    SendScintilla(Base::SCI_SETENDATLASTLINE, 1UL);
    SendScintilla(Base::SCI_SETMARGINLEFT, 0UL, 4L);
    SendScintilla(Base::SCI_ANNOTATIONSETVISIBLE, static_cast<unsigned long>(Base::ANNOTATION_INDENTED));
    SendScintilla(Base::SCI_SETAUTOMATICFOLD, static_cast<unsigned long>(Base::SC_AUTOMATICFOLD_SHOW | Base::SC_AUTOMATICFOLD_CHANGE));
    // Lines that are cut or copied whole, and others that the workbench uses itself.
    for (const int key : {int('K'), int('L'), int('T'), int('D')})
        SendScintilla(Base::SCI_CLEARCMDKEY, static_cast<unsigned long>(key + (Base::SCMOD_CTRL << 16)));
}

void CodeEditor::applyTheme()
{
    const ThemeColors& c = Theme::instance().colors();
    m_styling.applyTheme();
    const auto mark = [this](int indicator, int style, const QColor& color) {
        SendScintilla(Base::SCI_INDICSETSTYLE, static_cast<unsigned long>(indicator), long(style));
        SendScintilla(Base::SCI_INDICSETFORE, static_cast<unsigned long>(indicator), color);
    };
    mark(ErrorMark, Base::INDIC_SQUIGGLE, c.error);
    mark(WarningMark, Base::INDIC_SQUIGGLE, c.warning);
    mark(InfoMark, Base::INDIC_DOTS, c.info);
    mark(MatchMark, Base::INDIC_STRAIGHTBOX, c.warning);
    SendScintilla(Base::SCI_INDICSETALPHA, static_cast<unsigned long>(MatchMark), 70L);
    SendScintilla(Base::SCI_INDICSETOUTLINEALPHA, static_cast<unsigned long>(MatchMark), 160L);
    SendScintilla(Base::SCI_INDICSETUNDER, static_cast<unsigned long>(MatchMark), 1L);
    const auto dot = [this](int marker, const QColor& color) {
        SendScintilla(Base::SCI_MARKERDEFINE, static_cast<unsigned long>(marker), long(Base::SC_MARK_CIRCLE));
        SendScintilla(Base::SCI_MARKERSETFORE, static_cast<unsigned long>(marker), color);
        SendScintilla(Base::SCI_MARKERSETBACK, static_cast<unsigned long>(marker), color);
    };
    dot(ErrorDot, c.error);
    dot(WarningDot, c.warning);
    // Arrows instead of boxes.
    const auto fold = [&](int marker, int shape) {
        SendScintilla(Base::SCI_MARKERDEFINE, static_cast<unsigned long>(marker), long(shape));
        SendScintilla(Base::SCI_MARKERSETFORE, static_cast<unsigned long>(marker), blend(c.panel, c.textDisabled));
        SendScintilla(Base::SCI_MARKERSETBACK, static_cast<unsigned long>(marker), blend(c.panel, c.textDisabled));
    };
    fold(Base::SC_MARKNUM_FOLDEROPEN, Base::SC_MARK_ARROWDOWN);
    fold(Base::SC_MARKNUM_FOLDER, Base::SC_MARK_ARROW);
    for (const int rest : {Base::SC_MARKNUM_FOLDERSUB, Base::SC_MARKNUM_FOLDERTAIL, Base::SC_MARKNUM_FOLDEREND, Base::SC_MARKNUM_FOLDEROPENMID, Base::SC_MARKNUM_FOLDERMIDTAIL})
        SendScintilla(Base::SCI_MARKERDEFINE, static_cast<unsigned long>(rest), long(Base::SC_MARK_EMPTY));
    setMarginWidth(NumberColumn, u"00000"_s);
    recolor();
    SendScintilla(Base::SCI_COLOURISE, 0UL, 0L);
}

void CodeEditor::setContent(const QByteArray& text, bool crlf)
{
    m_loading = true;
    const bool readOnly = isReadOnly();
    setReadOnly(false);
    SendScintilla(Base::SCI_CLEARALL);
    setEolMode(crlf ? QsciScintilla::EolWindows : QsciScintilla::EolUnix);
    SendScintilla(Base::SCI_APPENDTEXT, ul(size_t(text.size())), text.constData());
    SendScintilla(Base::SCI_EMPTYUNDOBUFFER);
    setModified(false);
    SendScintilla(Base::SCI_GOTOPOS, 0UL);
    setReadOnly(readOnly);
    m_loading = false;
    ++m_revision;
    setMarginWidth(NumberColumn, QString(std::max(4, int(QString::number(lines()).size()) + 1), u'0'));
    Q_EMIT edited();
}

QByteArray CodeEditor::content() const
{
    const long length = SendScintilla(Base::SCI_GETLENGTH);
    const auto* bytes = static_cast<const char*>(SendScintillaPtrResult(Base::SCI_GETCHARACTERPOINTER));
    return {bytes, length};
}

void CodeEditor::modified(int position, int type, int length, int linesAdded, int line)
{
    const auto kind = static_cast<unsigned long>(type);
    if (!(kind & (kInserted | kDeleted)) || m_loading)
        return;
    ++m_revision;
    // Findings move along until there are new ones.
    const auto from = size_t(position);
    const auto count = size_t(length);
    const auto move = [&](Config::TextPos& place) {
        if (place.offset < from || (place.offset == from && kind & kDeleted))
            return;
        place.offset = kind & kInserted ? place.offset + count : std::max(from, place.offset - std::min(place.offset, count));
        if (place.line > line + 1)
            place.line += linesAdded;
    };
    for (Config::Diagnostic& one : m_findings) {
        move(one.span.start);
        move(one.span.end);
    }
    if (linesAdded != 0) {
        std::map<int, std::string> notes;
        for (auto& [at, note] : m_notes)
            notes.emplace(at > line ? std::max(line, at + linesAdded) : at, std::move(note));
        m_notes = std::move(notes);
    }
    Q_EMIT edited();
}

void CodeEditor::apply(const Config::TextEdits& edits)
{
    if (edits.empty() || isReadOnly())
        return;
    Config::TextEdits sorted = edits;
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.start > b.start; });
    beginUndoAction();
    for (const Config::TextEdit& edit : sorted) {
        SendScintilla(Base::SCI_SETTARGETSTART, ul(edit.start));
        SendScintilla(Base::SCI_SETTARGETEND, ul(edit.end));
        SendScintilla(Base::SCI_REPLACETARGET, ul(edit.text.size()), edit.text.c_str());
    }
    endUndoAction();
}

std::size_t CodeEditor::cursorOffset() const
{
    return size_t(SendScintilla(Base::SCI_GETCURRENTPOS));
}

int CodeEditor::cursorLine() const
{
    return int(SendScintilla(Base::SCI_LINEFROMPOSITION, ul(cursorOffset()))) + 1;
}

std::size_t CodeEditor::offsetOf(int line, int column) const
{
    const long start = SendScintilla(Base::SCI_POSITIONFROMLINE, static_cast<unsigned long>(std::max(0, line - 1)));
    const long end = SendScintilla(Base::SCI_GETLINEENDPOSITION, static_cast<unsigned long>(std::max(0, line - 1)));
    const long at = SendScintilla(Base::SCI_POSITIONRELATIVE, static_cast<unsigned long>(std::max(0L, start)), long(std::max(0, column - 1)));
    return size_t(std::clamp(at == 0 && column > 1 ? end : at, std::max(0L, start), std::max(0L, end)));
}

void CodeEditor::goTo(std::size_t offset, std::size_t end)
{
    const long line = SendScintilla(Base::SCI_LINEFROMPOSITION, ul(offset));
    SendScintilla(Base::SCI_ENSUREVISIBLE, static_cast<unsigned long>(line));
    SendScintilla(Base::SCI_SETSEL, ul(std::max(end, offset)), long(offset));
    // A third of the way down is where eyes look.
    const long shown = SendScintilla(Base::SCI_LINESONSCREEN);
    const long visible = SendScintilla(Base::SCI_VISIBLEFROMDOCLINE, static_cast<unsigned long>(line));
    const long first = SendScintilla(Base::SCI_GETFIRSTVISIBLELINE);
    if (visible < first + 2 || visible > first + shown - 4)
        SendScintilla(Base::SCI_SETFIRSTVISIBLELINE, static_cast<unsigned long>(std::max(0L, visible - shown / 3)));
    SendScintilla(Base::SCI_SCROLLCARET);
    setFocus(Qt::OtherFocusReason);
}

// --- findings --------------------------------------------------------------------------------------------

void CodeEditor::setFindings(Config::Diagnostics findings)
{
    using Config::Severity;
    m_findings = std::move(findings);
    const long length = SendScintilla(Base::SCI_GETLENGTH);
    for (const int indicator : {ErrorMark, WarningMark, InfoMark}) {
        SendScintilla(Base::SCI_SETINDICATORCURRENT, static_cast<unsigned long>(indicator));
        SendScintilla(Base::SCI_INDICATORCLEARRANGE, 0UL, length);
    }
    SendScintilla(Base::SCI_MARKERDELETEALL, static_cast<unsigned long>(ErrorDot));
    SendScintilla(Base::SCI_MARKERDELETEALL, static_cast<unsigned long>(WarningDot));
    std::map<int, std::string> notes;
    size_t marks = 0;
    const int lineCount = lines();
    for (Config::Diagnostic& one : m_findings) {
        if (one.span.end.offset <= one.span.start.offset)
            one.span.end.offset = std::min(size_t(length), one.span.start.offset + 1);
        if (++marks > kMostMarks)
            continue;
        const int indicator = one.severity == Severity::Error ? ErrorMark : one.severity == Severity::Warning ? WarningMark : InfoMark;
        const size_t start = std::min(one.span.start.offset, size_t(length));
        size_t end = std::min(one.span.end.offset, size_t(length));
        // Sections are underlined in their first line only.
        const long line = SendScintilla(Base::SCI_LINEFROMPOSITION, ul(start));
        const auto lineEnd = size_t(SendScintilla(Base::SCI_GETLINEENDPOSITION, static_cast<unsigned long>(line)));
        if (end > lineEnd && lineEnd > start)
            end = lineEnd;
        SendScintilla(Base::SCI_SETINDICATORCURRENT, static_cast<unsigned long>(indicator));
        // At the end of a line there is nothing to underline: the character before it stands in.
        const size_t from = start == lineEnd && start > 0 && lineEnd > size_t(SendScintilla(Base::SCI_POSITIONFROMLINE, static_cast<unsigned long>(line))) ? start - 1 : start;
        SendScintilla(Base::SCI_INDICATORFILLRANGE, ul(from), long(std::max(end, from + 1) - from));
        if (one.severity == Severity::Info)
            continue;
        const int at = std::min(int(line), lineCount - 1);
        SendScintilla(Base::SCI_MARKERADD, static_cast<unsigned long>(at), long(one.severity == Severity::Error ? ErrorDot : WarningDot));
        if (notes.size() >= kMostNotes && !notes.contains(at))
            continue;
        std::string& note = notes[at];
        if (std::count(note.begin(), note.end(), '\n') >= 5)
            continue;
        if (!note.empty())
            note += '\n';
        // The first character says the style; showNotes() takes it off.
        note += one.severity == Severity::Error ? "E" : "W";
        QString text = one.message;
        if (!one.hint.isEmpty())
            text += u" — "_s + one.hint;
        note += wrapped(text.simplified().toStdString(), one.severity == Severity::Error ? "E" : "W");
    }
    showNotes(notes);
}

void CodeEditor::showNotes(const std::map<int, std::string>& notes)
{
    for (const auto& [line, note] : m_notes) {
        if (!notes.contains(line))
            SendScintilla(Base::SCI_ANNOTATIONSETTEXT, static_cast<unsigned long>(line), static_cast<const char*>(nullptr));
    }
    for (const auto& [line, note] : notes) {
        const auto old = m_notes.find(line);
        if (old != m_notes.end() && old->second == note)
            continue;
        std::string text;
        std::string styles;
        bool start = true;
        char style = char(CodeStyle::NoteError);
        for (const char c : note) {
            if (start) {
                style = c == 'E' ? char(CodeStyle::NoteError) : char(CodeStyle::NoteWarning);
                start = false;
                continue;
            }
            text += c;
            styles += style;
            start = c == '\n';
        }
        SendScintilla(Base::SCI_ANNOTATIONSETTEXT, static_cast<unsigned long>(line), text.c_str());
        SendScintilla(Base::SCI_ANNOTATIONSETSTYLES, static_cast<unsigned long>(line), styles.c_str());
    }
    m_notes = notes;
}

QString CodeEditor::noteBelow(int line) const
{
    const long length = SendScintilla(Base::SCI_ANNOTATIONGETTEXT, static_cast<unsigned long>(line - 1), static_cast<void*>(nullptr));
    if (length <= 0)
        return {};
    QByteArray text(length + 1, '\0');
    SendScintilla(Base::SCI_ANNOTATIONGETTEXT, static_cast<unsigned long>(line - 1), static_cast<void*>(text.data()));
    return QString::fromUtf8(text.constData(), qsizetype(length));
}

void CodeEditor::setNotesShown(bool shown)
{
    SendScintilla(Base::SCI_ANNOTATIONSETVISIBLE, static_cast<unsigned long>(shown ? Base::ANNOTATION_INDENTED : Base::ANNOTATION_HIDDEN));
}

std::vector<const Config::Diagnostic*> CodeEditor::findingsAt(std::size_t offset) const
{
    std::vector<const Config::Diagnostic*> out;
    for (const Config::Diagnostic& one : m_findings) {
        if (one.span.start.offset <= offset && offset <= one.span.end.offset)
            out.push_back(&one);
    }
    return out;
}

std::vector<const Config::Diagnostic*> CodeEditor::findingsHere() const
{
    const size_t cursor = cursorOffset();
    std::vector<const Config::Diagnostic*> out = findingsAt(cursor);
    const long line = SendScintilla(Base::SCI_LINEFROMPOSITION, ul(cursor));
    for (const Config::Diagnostic& one : m_findings) {
        const long at = SendScintilla(Base::SCI_LINEFROMPOSITION, ul(one.span.start.offset));
        if (at == line && std::find(out.begin(), out.end(), &one) == out.end())
            out.push_back(&one);
    }
    return out;
}

void CodeEditor::nextFinding(int direction)
{
    if (m_findings.empty())
        return;
    const size_t cursor = std::min(cursorOffset(), size_t(SendScintilla(Base::SCI_GETANCHOR)));
    const Config::Diagnostic* target = nullptr;
    for (const Config::Diagnostic& one : m_findings) {
        const size_t at = one.span.start.offset;
        if (direction > 0 ? at > cursor && (!target || at < target->span.start.offset) : at < cursor && (!target || at > target->span.start.offset))
            target = &one;
    }
    if (!target)
        target = direction > 0 ? &m_findings.front() : &m_findings.back();
    goTo(target->span.start.offset);
}

QString CodeEditor::hoverText(std::size_t offset) const
{
    QStringList parts;
    for (const Config::Diagnostic* one : findingsAt(offset)) {
        const ThemeColors& c = Theme::instance().colors();
        const QColor color = one->severity == Config::Severity::Error ? c.error : one->severity == Config::Severity::Warning ? c.warning : c.info;
        QString text = u"<span style=\"color:%1\">●</span> %2 <span style=\"color:%3\">[%4]</span>"_s.arg(
            color.name(), one->message.toHtmlEscaped(), c.textSecondary.name(), one->code.toHtmlEscaped());
        if (!one->hint.isEmpty())
            text += u"<br>"_s + one->hint.toHtmlEscaped();
        parts << text;
    }
    const Config::HoverInfo info = m_hover ? m_hover(content(), offset) : Config::HoverInfo();
    if (!info.isEmpty()) {
        parts << u"<code><b>%1</b></code>%2"_s.arg(info.title.toHtmlEscaped(),
                                                   info.body.isEmpty() ? QString() : u"<br>"_s + info.body.toHtmlEscaped().replace(u'\n', u"<br>"_s));
    }
    return parts.isEmpty() ? QString() : parts.join(u"<hr>"_s);
}

void CodeEditor::dwell(int position, int x, int y)
{
    if (position < 0 || isCompleting())
        return;
    const QString text = hoverText(size_t(position));
    if (!text.isEmpty())
        showTip(viewport()->mapToGlobal(QPoint(x, y)) + QPoint(8, 14), text);
}

void CodeEditor::showHoverHere()
{
    const QString text = hoverText(cursorOffset());
    if (!text.isEmpty())
        showTip(cursorRect().bottomLeft() + QPoint(0, 4), text);
}

void CodeEditor::showTip(const QPoint& at, const QString& text)
{
    m_tip->setText(text);
    m_tip->setFixedWidth(std::min(kTipWidth, m_tip->fontMetrics().horizontalAdvance(u'x') + m_tip->sizeHint().width()));
    m_tip->setFixedHeight(m_tip->heightForWidth(m_tip->width()));
    QPoint place = at;
    const QRect area = screen()->availableGeometry();
    if (place.y() + m_tip->height() > area.bottom())
        place.setY(at.y() - m_tip->height() - 28);
    place.setX(std::clamp(place.x(), area.left(), std::max(area.left(), area.right() - m_tip->width())));
    m_tip->move(place);
    m_tip->show();
}

// --- completion ------------------------------------------------------------------------------------------

bool CodeEditor::isCompleting() const
{
    return m_popup->isVisible();
}

void CodeEditor::closeCompletion()
{
    m_completeTimer.stop();
    m_popup->hide();
}

QRect CodeEditor::cursorRect() const
{
    const unsigned long at = ul(cursorOffset());
    const long x = SendScintilla(Base::SCI_POINTXFROMPOSITION, 0UL, long(at));
    const long y = SendScintilla(Base::SCI_POINTYFROMPOSITION, 0UL, long(at));
    const long height = SendScintilla(Base::SCI_TEXTHEIGHT, 0UL);
    return {viewport()->mapToGlobal(QPoint(int(x), int(y))), QSize(1, int(height))};
}

void CodeEditor::complete()
{
    m_completeTimer.stop();
    if (!m_propose || isReadOnly())
        return;
    Config::Proposals proposals = m_propose(content(), cursorOffset());
    // What is there in full already needs no list.
    if (proposals.items.size() == 1 && !proposals.items.front().again) {
        const QByteArray typed = content().mid(qsizetype(proposals.start), qsizetype(cursorOffset() - proposals.start));
        if (typed.toStdString() == proposals.items.front().insert)
            proposals.items.clear();
    }
    if (!isVisible())
        return;
    m_popup->show(std::move(proposals), cursorRect());
}

void CodeEditor::accept()
{
    const Config::Proposal* one = m_popup->current();
    if (!one)
        return;
    const Config::Proposals& proposals = m_popup->proposals();
    const size_t end = std::max(proposals.end, cursorOffset());
    std::string insert = one->insert;
    if (eolMode() == QsciScintilla::EolWindows) {
        for (size_t at = insert.find('\n'); at != std::string::npos; at = insert.find('\n', at + 2))
            insert.insert(at, 1, '\r');
    }
    const bool again = one->again;
    const size_t start = proposals.start;
    m_popup->hide();
    apply({{start, end, insert}});
    SendScintilla(Base::SCI_GOTOPOS, ul(start + insert.size()));
    setFocus();
    if (again)
        m_completeTimer.start();
}

void CodeEditor::charAdded(int c)
{
    if (c == '\n') {
        indentNewLine();
        closeCompletion();
        return;
    }
    const bool word = c > 127 || std::isalnum(c) || c == '_';
    const bool asks = word || c == ':' || c == '{' || c == '"' || c == '(' || c == ',' || c == '[' || c == '=' || c == '$' || c == '.' || c == '/'
        || (c == ' ' && (isCompleting() || cursorOffset() > 1));
    if (asks)
        m_completeTimer.start();
    else
        closeCompletion();
}

/// The indentation that YAML wants next: deeper behind "key:" and block headers, as deep as the keys else.
void CodeEditor::indentNewLine()
{
    const int line = cursorLine() - 1;
    if (line < 1)
        return;
    const long start = SendScintilla(Base::SCI_POSITIONFROMLINE, static_cast<unsigned long>(line - 1));
    const long stop = SendScintilla(Base::SCI_GETLINEENDPOSITION, static_cast<unsigned long>(line - 1));
    const auto* bytes = static_cast<const char*>(SendScintillaPtrResult(Base::SCI_GETCHARACTERPOINTER));
    const std::string above(bytes + start, size_t(stop - start));
    const Config::YamlLine read = Config::readYamlLine(above);
    size_t indent = read.indent;
    if (!read.marks.empty()) {
        const Config::YamlMark& last = read.marks.back();
        const bool opens = read.opensBlock || (!last.isItem && read.valueEnd <= read.value);
        indent = last.isItem ? last.column : last.column + (opens ? 2 : 0);
    }
    if (indent > 0)
        SendScintilla(Base::SCI_REPLACESEL, std::string(indent, ' ').c_str());
}

// --- keys ------------------------------------------------------------------------------------------------

bool CodeEditor::handlePopupKey(QKeyEvent* event)
{
    if (!isCompleting())
        return false;
    switch (event->key()) {
    case Qt::Key_Up: m_popup->move(-1); return true;
    case Qt::Key_Down: m_popup->move(1); return true;
    case Qt::Key_PageUp: m_popup->move(-std::max(2, m_popup->pageRows())); return true;
    case Qt::Key_PageDown: m_popup->move(std::max(2, m_popup->pageRows())); return true;
    case Qt::Key_Escape: closeCompletion(); return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Tab:
        if (event->modifiers() & ~Qt::KeypadModifier)
            break;
        accept();
        return true;
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Home:
    case Qt::Key_End: closeCompletion(); break;
    default: break;
    }
    return false;
}

/// Brackets and quotes come in pairs; what closes is typed over.
bool CodeEditor::handlePair(QKeyEvent* event)
{
    const QString typed = event->text();
    if (typed.size() != 1 || event->modifiers() & (Qt::ControlModifier | Qt::AltModifier) || isReadOnly())
        return false;
    const char c = char(typed.front().toLatin1());
    const auto at = cursorOffset();
    const auto next = char(SendScintilla(Base::SCI_GETCHARAT, ul(at)));
    const bool selected = hasSelectedText();
    if ((c == ')' || c == ']' || c == '}' || c == '"') && next == c && !selected) {
        SendScintilla(Base::SCI_GOTOPOS, ul(at + 1));
        return true;
    }
    const char close = c == '(' ? ')' : c == '[' ? ']' : c == '{' ? '}' : char(0);
    if (!close)
        return false;
    if (selected) {
        const std::string inside = c + selectedText().toStdString() + close;
        SendScintilla(Base::SCI_REPLACESEL, inside.c_str());
        return true;
    }
    if (next != 0 && next != '\n' && next != '\r' && next != ' ' && next != ')' && next != ']' && next != '}' && next != ',')
        return false;
    const std::string pair {c, close};
    SendScintilla(Base::SCI_REPLACESEL, pair.c_str());
    SendScintilla(Base::SCI_GOTOPOS, ul(at + 1));
    m_completeTimer.start();
    return true;
}

void CodeEditor::keyPressEvent(QKeyEvent* event)
{
    m_tip->hide();
    if (handlePopupKey(event))
        return;
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::ControlModifier) {
        complete();
        return;
    }
    if (event->key() == Qt::Key_Backspace && event->modifiers() == Qt::NoModifier && !hasSelectedText() && cursorOffset() > 0) {
        const size_t at = cursorOffset();
        const auto before = char(SendScintilla(Base::SCI_GETCHARAT, ul(at - 1)));
        const auto next = char(SendScintilla(Base::SCI_GETCHARAT, ul(at)));
        if ((before == '(' && next == ')') || (before == '[' && next == ']') || (before == '{' && next == '}'))
            apply({{at, at + 1, {}}});
        if (isCompleting())
            m_completeTimer.start();
    }
    if (handlePair(event))
        return;
    QsciScintilla::keyPressEvent(event);
}

/// Whether something around the text has a command on these keys.
bool CodeEditor::isCommand(const QKeySequence& keys) const
{
    for (const QWidget* widget = parentWidget(); widget; widget = widget->parentWidget()) {
        const QList<QAction*> commands = widget->actions();
        const bool has = std::any_of(commands.begin(), commands.end(), [&keys](const QAction* one) {
            return one->isEnabled() && one->shortcutContext() == Qt::WidgetWithChildrenShortcut && one->shortcuts().contains(keys);
        });
        if (has)
            return true;
    }
    return false;
}

bool CodeEditor::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        // Typing is typing, whatever single letters mean to the window.
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool plain = !(key->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier));
        const bool completes = key->key() == Qt::Key_Space && key->modifiers() == Qt::ControlModifier;
        const bool closes = key->key() == Qt::Key_Escape && isCompleting();
        if ((plain && !key->text().isEmpty() && key->key() != Qt::Key_Escape) || completes || closes) {
            event->accept();
            return true;
        }
        // Function keys, and what the workbench has a command for, are not the text's.
        if (key->key() == Qt::Key_Escape || (key->key() >= Qt::Key_F1 && key->key() <= Qt::Key_F12) || isCommand(QKeySequence(key->keyCombination()))) {
            event->ignore();
            return false;
        }
    }
    return QsciScintilla::event(event);
}

void CodeEditor::mousePressEvent(QMouseEvent* event)
{
    closeCompletion();
    if (event->button() == Qt::LeftButton && event->modifiers() == Qt::ControlModifier) {
        const QPoint at = event->pos();
        const long place = SendScintilla(Base::SCI_POSITIONFROMPOINTCLOSE, static_cast<unsigned long>(at.x()), long(at.y()));
        if (place >= 0) {
            Q_EMIT definitionWanted(size_t(place));
            return;
        }
    }
    QsciScintilla::mousePressEvent(event);
}

void CodeEditor::focusOutEvent(QFocusEvent* event)
{
    closeCompletion();
    m_tip->hide();
    QsciScintilla::focusOutEvent(event);
}

void CodeEditor::contextMenuEvent(QContextMenuEvent* event)
{
    // The workbench has put its actions here.
    auto* popup = new QMenu(this);
    popup->setObjectName(u"codeMenu"_s);
    popup->setAttribute(Qt::WA_DeleteOnClose);
    popup->addActions(actions());
    if (!popup->isEmpty())
        popup->popup(event->globalPos());
    else
        delete popup;
}

void CodeEditor::markBraces()
{
    const size_t cursor = cursorOffset();
    const auto isBrace = [this](size_t at) {
        const auto c = char(SendScintilla(Base::SCI_GETCHARAT, ul(at)));
        return c == '(' || c == ')' || c == '[' || c == ']' || c == '{' || c == '}';
    };
    long at = -1;
    if (cursor > 0 && isBrace(cursor - 1))
        at = long(cursor) - 1;
    else if (isBrace(cursor))
        at = long(cursor);
    const long other = at < 0 ? -1 : SendScintilla(Base::SCI_BRACEMATCH, static_cast<unsigned long>(at), 0L);
    if (other >= 0)
        SendScintilla(Base::SCI_BRACEHIGHLIGHT, static_cast<unsigned long>(at), other);
    else
        SendScintilla(Base::SCI_BRACEHIGHLIGHT, static_cast<unsigned long>(-1), -1L);
}

void CodeEditor::toggleComment()
{
    const long from = SendScintilla(Base::SCI_LINEFROMPOSITION, static_cast<unsigned long>(SendScintilla(Base::SCI_GETSELECTIONSTART)));
    const long to = SendScintilla(Base::SCI_LINEFROMPOSITION, static_cast<unsigned long>(SendScintilla(Base::SCI_GETSELECTIONEND)));
    const QByteArray all = content();
    struct Line
    {
        size_t start = 0;
        size_t text = 0; ///< first character that is no blank
        bool comment = false;
    };
    std::vector<Line> lines;
    size_t column = std::string::npos;
    for (long line = from; line <= to; ++line) {
        const auto start = size_t(SendScintilla(Base::SCI_POSITIONFROMLINE, static_cast<unsigned long>(line)));
        const auto end = size_t(SendScintilla(Base::SCI_GETLINEENDPOSITION, static_cast<unsigned long>(line)));
        size_t text = start;
        while (text < end && all.at(qsizetype(text)) == ' ')
            ++text;
        if (text == end)
            continue;
        lines.push_back({start, text, all.at(qsizetype(text)) == '#'});
        column = std::min(column, text - start);
    }
    if (lines.empty())
        return;
    const bool off = std::all_of(lines.begin(), lines.end(), [](const Line& line) { return line.comment; });
    Config::TextEdits edits;
    for (const Line& line : lines) {
        if (off) {
            const bool space = qsizetype(line.text) + 1 < all.size() && all.at(qsizetype(line.text) + 1) == ' ';
            edits.push_back({line.text, line.text + (space ? 2U : 1U), {}});
        } else {
            edits.push_back({line.start + column, line.start + column, "# "});
        }
    }
    apply(edits);
}

void CodeEditor::setMatches(const std::vector<std::pair<std::size_t, std::size_t>>& matches)
{
    SendScintilla(Base::SCI_SETINDICATORCURRENT, static_cast<unsigned long>(MatchMark));
    SendScintilla(Base::SCI_INDICATORCLEARRANGE, 0UL, SendScintilla(Base::SCI_GETLENGTH));
    for (const auto& [start, end] : matches)
        SendScintilla(Base::SCI_INDICATORFILLRANGE, ul(start), long(end - start));
}

} // namespace Promdeck
