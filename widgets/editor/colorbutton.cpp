#include "widgets/editor/colorbutton.h"

#include "models/frame/color.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"

#include <QBoxLayout>
#include <QColor>
#include <QFrame>
#include <QGridLayout>
#include <QLineEdit>
#include <QPainter>
#include <QScreen>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

const QStringList& hues()
{
    static const QStringList names {u"green"_s, u"yellow"_s, u"red"_s, u"blue"_s, u"orange"_s, u"purple"_s};
    return names;
}

QColor shown(const QString& name)
{
    return toColor(parseColor(name, Theme::instance().kind()).value_or(Rgba {128, 128, 128, 255}));
}

} // namespace

ColorButton::ColorButton(QWidget* parent) : QToolButton(parent)
{
    setObjectName(u"colorButton"_s);
    setFixedSize(sizeHint());
    connect(this, &QToolButton::clicked, this, &ColorButton::openPopup);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ColorButton::setColorName(const QString& name)
{
    m_name = name;
    setToolTip(plainTip(name));
    setAccessibleDescription(name);
    update();
}

void ColorButton::paintEvent(QPaintEvent*)
{
    const ThemeColors& c = Theme::instance().colors();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(hasFocus() ? c.accent : c.borderMedium, 1));
    painter.setBrush(m_name.isEmpty() ? c.panel : shown(m_name));
    painter.drawRoundedRect(QRectF(rect()).adjusted(3.5, 3.5, -3.5, -3.5), 3, 3);
}

void ColorButton::openPopup()
{
    auto* popup = new QFrame(this, Qt::Popup);
    popup->setObjectName(u"colorPopup"_s);
    popup->setAttribute(Qt::WA_DeleteOnClose);
    popup->setFrameShape(QFrame::StyledPanel);
    auto* layout = new QVBoxLayout(popup);
    auto* grid = new QGridLayout;
    grid->setSpacing(2);
    const auto take = [this, popup](const QString& name) {
        setColorName(name);
        popup->close();
        Q_EMIT chosen(name);
    };
    const QStringList shades {u"super-light-"_s, u"light-"_s, QString(), u"semi-dark-"_s, u"dark-"_s};
    for (int row = 0; row < hues().size(); ++row) {
        for (int column = 0; column < shades.size(); ++column) {
            const QString name = shades.at(column) + hues().at(row);
            auto* swatch = new QToolButton(popup);
            swatch->setObjectName(u"color:"_s + name);
            swatch->setToolTip(plainTip(name));
            swatch->setAccessibleName(name);
            QPixmap picture(20, 20);
            picture.fill(shown(name));
            swatch->setIcon(picture);
            swatch->setIconSize({20, 20});
            swatch->setAutoRaise(true);
            connect(swatch, &QToolButton::clicked, this, [take, name] { take(name); });
            grid->addWidget(swatch, row, column);
        }
    }
    for (const QString& name : {u"text"_s, u"transparent"_s}) {
        auto* word = new QToolButton(popup);
        word->setObjectName(u"color:"_s + name);
        word->setText(name == u"text" ? tr("Text colour") : tr("Transparent"));
        word->setAutoRaise(true);
        connect(word, &QToolButton::clicked, this, [take, name] { take(name); });
        grid->addWidget(word, int(hues().size()) + (name == u"text" ? 0 : 1), 0, 1, 5);
    }
    layout->addLayout(grid);
    auto* custom = new QLineEdit(popup);
    custom->setObjectName(u"colorCustom"_s);
    custom->setPlaceholderText(u"#rrggbb"_s);
    custom->setAccessibleName(tr("Colour as #rrggbb"));
    custom->setText(m_name.startsWith(u'#') ? m_name : QString());
    connect(custom, &QLineEdit::returnPressed, this, [take, custom] {
        if (QColor::isValidColor(custom->text()))
            take(QColor(custom->text()).name(QColor::HexRgb));
    });
    layout->addWidget(custom);
    popup->adjustSize();
    const QRect room = screen()->availableGeometry();
    QPoint at = mapToGlobal(QPoint(0, height() + 2));
    at.setX(std::min(at.x(), room.right() - popup->width()));
    at.setY(at.y() + popup->height() > room.bottom() ? mapToGlobal(QPoint(0, 0)).y() - popup->height() - 2 : at.y());
    popup->move(at);
    popup->show();
    custom->setFocus();
}

} // namespace Promdeck
