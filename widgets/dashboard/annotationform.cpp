#include "widgets/dashboard/annotationform.h"

#include "models/plotmath/timeticks.h"
#include "models/query/comparison.h"
#include "widgets/common/theme.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTimeZone>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr int kWidth = 320;
constexpr int kTextLines = 3;
constexpr int kAway = 12; // px from the mouse

} // namespace

QString momentText(qint64 fromMs, qint64 toMs, const QString& timeZone)
{
    const QTimeZone zone = timeZoneByName(timeZone);
    const QString from = timeText(fromMs, zone, u"yyyy-MM-dd HH:mm:ss"_s);
    if (toMs <= fromMs)
        return from;
    const bool sameDay = timeText(fromMs, zone, u"yyyyMMdd"_s) == timeText(toMs, zone, u"yyyyMMdd"_s);
    const QString to = timeText(toMs, zone, sameDay ? u"HH:mm:ss"_s : u"yyyy-MM-dd HH:mm:ss"_s);
    const qint64 span = (toMs - fromMs + 500) / 1000 * 1000;
    const QString length = span >= 3'600'000 ? periodText(span / 60'000 * 60'000) : span >= 60'000 ? periodText(span / 60'000 * 60'000)
                                                                                                  : periodText(span);
    return QCoreApplication::translate("Promdeck::AnnotationForm", "%1 to %2 (%3)").arg(from, to, length);
}

AnnotationForm::AnnotationForm(const OwnAnnotation& annotation, bool isNew, int panelId, const QString& panelTitle,
                               const QString& timeZone, QWidget* parent)
    : QFrame(parent, Qt::Popup)
    , m_annotation(annotation)
    , m_panelId(panelId)
    , m_text(new QPlainTextEdit(annotation.text, this))
    , m_tags(new QLineEdit(annotation.tags.join(u", "_s), this))
    , m_onlyHere(new QCheckBox(this))
    , m_save(new QPushButton(isNew ? tr("Add") : tr("Save"), this))
{
    setObjectName(u"annotationForm"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setFrameShape(QFrame::StyledPanel);
    setAccessibleName(isNew ? tr("Add an annotation") : tr("Annotation"));
    auto* when = new QLabel(momentText(annotation.fromMs, annotation.toMs, timeZone), this);
    when->setObjectName(u"annotationTime"_s);
    when->setTextFormat(Qt::PlainText);
    QPalette weak = when->palette();
    weak.setColor(QPalette::WindowText, Theme::instance().colors().textSecondary);
    when->setPalette(weak);
    m_text->setObjectName(u"annotationText"_s);
    m_text->setPlaceholderText(tr("What happened?"));
    m_text->setAccessibleName(tr("Text"));
    m_text->setTabChangesFocus(true);
    m_text->setFixedHeight(m_text->fontMetrics().lineSpacing() * kTextLines + 14);
    m_text->installEventFilter(this);
    m_tags->setObjectName(u"annotationTags"_s);
    m_tags->setPlaceholderText(tr("Tags, separated by commas"));
    m_tags->setAccessibleName(tr("Tags"));
    m_onlyHere->setObjectName(u"annotationOnlyHere"_s);
    const QString title = fontMetrics().elidedText(panelTitle, Qt::ElideRight, kWidth - 120);
    m_onlyHere->setText(title.isEmpty() ? tr("Only in this panel") : tr("Only in “%1”").arg(QString(title).replace(u'&', u"&&"_s)));
    m_onlyHere->setChecked(annotation.panelId != 0);
    m_onlyHere->setVisible(panelId != 0 || annotation.panelId != 0);
    m_save->setObjectName(u"annotationSave"_s);
    m_save->setDefault(true);
    m_save->setProperty("primary", true);
    auto* cancel = new QPushButton(tr("Cancel"), this);
    cancel->setObjectName(u"annotationCancel"_s);
    auto* remove = new QPushButton(tr("Delete"), this);
    remove->setObjectName(u"annotationDelete"_s);
    remove->setVisible(!isNew);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(remove);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_save);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 10, 12, 10);
    layout->setSpacing(8);
    layout->addWidget(when);
    layout->addWidget(m_text);
    layout->addWidget(m_tags);
    layout->addWidget(m_onlyHere);
    layout->addLayout(buttons);
    setMinimumWidth(kWidth);
    connect(m_text, &QPlainTextEdit::textChanged, this, &AnnotationForm::updateSave);
    connect(m_tags, &QLineEdit::textChanged, this, &AnnotationForm::updateSave);
    connect(m_tags, &QLineEdit::returnPressed, this, &AnnotationForm::accept);
    connect(m_save, &QPushButton::clicked, this, &AnnotationForm::accept);
    connect(cancel, &QPushButton::clicked, this, &QWidget::close);
    connect(remove, &QPushButton::clicked, this, [this] {
        Q_EMIT removed(m_annotation.id);
        close();
    });
    updateSave();
}

void AnnotationForm::popup(const QPoint& globalPosition)
{
    adjustSize();
    const QWidget* window = parentWidget()->window();
    const QRect room(window->mapToGlobal(QPoint(0, 0)), window->size());
    QPoint at = globalPosition + QPoint(kAway, kAway);
    if (at.x() + width() > room.right())
        at.setX(globalPosition.x() - kAway - width());
    if (at.y() + height() > room.bottom())
        at.setY(globalPosition.y() - kAway - height());
    move(std::max(at.x(), room.left()), std::max(at.y(), room.top()));
    show();
    m_text->setFocus(Qt::PopupFocusReason);
    m_text->moveCursor(QTextCursor::End);
}

void AnnotationForm::updateSave()
{
    m_save->setEnabled(!m_text->toPlainText().trimmed().isEmpty() || !m_tags->text().trimmed().isEmpty());
}

void AnnotationForm::accept()
{
    if (!m_save->isEnabled())
        return;
    m_annotation.text = m_text->toPlainText().trimmed();
    m_annotation.tags.clear();
    for (const QString& tag : m_tags->text().split(u',')) {
        if (!tag.trimmed().isEmpty() && !m_annotation.tags.contains(tag.trimmed()))
            m_annotation.tags << tag.trimmed();
    }
    // Unticked it is everybody's; ticked it stays with the panel it was made in.
    m_annotation.panelId = !m_onlyHere->isChecked() ? 0 : m_annotation.panelId != 0 ? m_annotation.panelId : m_panelId;
    Q_EMIT saved(m_annotation);
    close();
}

void AnnotationForm::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        close();
    else
        QFrame::keyPressEvent(event);
}

bool AnnotationForm::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        // Enter saves, as in a line; Shift+Enter begins another one.
        if (enter && !key->modifiers().testFlag(Qt::ShiftModifier)) {
            accept();
            return true;
        }
        if (key->key() == Qt::Key_Escape) {
            close();
            return true;
        }
    }
    return QFrame::eventFilter(watched, event);
}

} // namespace Promdeck
