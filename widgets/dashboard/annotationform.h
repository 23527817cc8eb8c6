#pragma once

#include "models/dashboard/ownannotations.h"

#include <QFrame>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace Promdeck {

/// The small form at the place of a plot where the operator notes something. Closes itself.
class AnnotationForm final : public QFrame
{
    Q_OBJECT
public:
    /// `isNew` has no delete button. `panelTitle` names what "only in this panel" means, `panelId` is that panel.
    AnnotationForm(const OwnAnnotation& annotation, bool isNew, int panelId, const QString& panelTitle, const QString& timeZone,
                   QWidget* parent);
    /// Near a place of the screen, inside of the window.
    void popup(const QPoint& globalPosition);

Q_SIGNALS:
    void saved(const Promdeck::OwnAnnotation& annotation);
    void removed(const QString& id);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void accept();
    void updateSave();

    OwnAnnotation m_annotation;
    int m_panelId;
    QPlainTextEdit* m_text;
    QLineEdit* m_tags;
    QCheckBox* m_onlyHere;
    QPushButton* m_save;
};

/// "2026-11-21 14:02:05", or both ends of a span and how long it is.
[[nodiscard]] QString momentText(qint64 fromMs, qint64 toMs, const QString& timeZone);

} // namespace Promdeck
