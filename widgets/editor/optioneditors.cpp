#include "widgets/editor/optioneditors.h"

#include "models/frame/reducers.h"
#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"
#include "widgets/editor/colorbutton.h"
#include "widgets/editor/listeditors.h"
#include "widgets/editor/unitpicker.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSlider>
#include <QStringListModel>
#include <QToolButton>

#include <cmath>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

QHBoxLayout* rowOf(QWidget* owner)
{
    auto* layout = new QHBoxLayout(owner);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    return layout;
}

class TextEditor final : public OptionEditor
{
public:
    TextEditor(const OptionSpec& spec, QWidget* parent) : OptionEditor(parent), m_edit(new QLineEdit(this))
    {
        rowOf(this)->addWidget(m_edit);
        m_edit->setAccessibleName(spec.label);
        m_edit->setPlaceholderText(spec.fallback.scalarText());
        setFocusProxy(m_edit);
        connect(m_edit, &QLineEdit::textEdited, this, [this](const QString& text) {
            Q_EMIT edited(text.isEmpty() ? Json() : Json(text), true);
        });
    }
    void setValue(const Json& value) override
    {
        if (m_edit->text() != value.scalarText())
            m_edit->setText(value.scalarText());
    }

private:
    QLineEdit* m_edit;
};

class LongTextEditor final : public OptionEditor
{
public:
    LongTextEditor(const OptionSpec& spec, QWidget* parent) : OptionEditor(parent), m_edit(new QPlainTextEdit(this))
    {
        rowOf(this)->addWidget(m_edit);
        m_edit->setAccessibleName(spec.label);
        m_edit->setTabChangesFocus(true);
        m_edit->setFixedHeight(spec.path == u"options.content" ? 220 : 72);
        setFocusProxy(m_edit);
        connect(m_edit, &QPlainTextEdit::textChanged, this, [this] {
            const QString text = m_edit->toPlainText();
            if (!m_setting)
                Q_EMIT edited(text.isEmpty() ? Json() : Json(text), true);
        });
    }
    void setValue(const Json& value) override
    {
        if (m_edit->toPlainText() == value.toString())
            return;
        m_setting = true;
        m_edit->setPlainText(value.toString());
        m_setting = false;
    }
    [[nodiscard]] bool isWide() const override { return true; }

private:
    QPlainTextEdit* m_edit;
    bool m_setting = false;
};

/// A number, or nothing for "automatic". Takes a comma as well as a point.
class NumberEditor final : public OptionEditor
{
public:
    NumberEditor(const OptionSpec& spec, QWidget* parent) : OptionEditor(parent), m_spec(spec), m_edit(new QLineEdit(this))
    {
        rowOf(this)->addWidget(m_edit);
        m_edit->setAccessibleName(spec.label);
        m_edit->setPlaceholderText(spec.fallback.isNull() ? OptionEditor::tr("auto") : spec.fallback.scalarText());
        setFocusProxy(m_edit);
        connect(m_edit, &QLineEdit::textEdited, this, &NumberEditor::read);
    }
    void setValue(const Json& value) override
    {
        bool ok = false;
        const double shown = QString(m_edit->text()).replace(u',', u'.').toDouble(&ok);
        const bool same = value.isNumber() ? ok && shown == value.toDouble() : m_edit->text().isEmpty();
        if (!same)
            m_edit->setText(value.scalarText());
        mark(true);
    }

private:
    void read(const QString& text)
    {
        bool ok = false;
        const QString plain = QString(text).trimmed().replace(u',', u'.');
        const double number = plain.toDouble(&ok);
        const bool whole = m_spec.kind != OptionSpec::Kind::Integer || number == std::floor(number);
        const bool limited = m_spec.kind != OptionSpec::Kind::Integer || (number >= m_spec.min && (m_spec.max <= 0 || number <= m_spec.max));
        const bool fine = plain.isEmpty() || (ok && std::isfinite(number) && whole && limited);
        mark(fine);
        if (!fine)
            return;
        if (plain.isEmpty())
            Q_EMIT edited({}, true);
        else
            Q_EMIT edited(number == std::floor(number) && std::abs(number) < 1e15 ? Json(qint64(number)) : Json(number), true);
    }
    void mark(bool fine)
    {
        QPalette colors;
        if (!fine)
            colors.setColor(QPalette::Text, Theme::instance().colors().error);
        m_edit->setPalette(colors);
        m_edit->setToolTip(plainTip(fine ? QString() : OptionEditor::tr("This is no number that fits here")));
    }

    const OptionSpec m_spec;
    QLineEdit* m_edit;
};

class BoolEditor final : public OptionEditor
{
public:
    BoolEditor(const OptionSpec& spec, QWidget* parent)
        : OptionEditor(parent), m_fallback(spec.fallback.toBool()), m_box(new QCheckBox(this))
    {
        rowOf(this)->addWidget(m_box);
        m_box->setAccessibleName(spec.label);
        m_box->setMinimumHeight(24);
        setFocusProxy(m_box);
        connect(m_box, &QCheckBox::clicked, this, [this](bool on) { Q_EMIT edited(Json(on), false); });
    }
    void setValue(const Json& value) override { m_box->setChecked(value.isBool() ? value.toBool() : m_fallback); }

private:
    const bool m_fallback;
    QCheckBox* m_box;
};

class ChoiceEditor final : public OptionEditor
{
public:
    ChoiceEditor(const OptionSpec& spec, QWidget* parent) : OptionEditor(parent), m_spec(spec), m_combo(new QComboBox(this))
    {
        rowOf(this)->addWidget(m_combo);
        m_combo->setAccessibleName(spec.label);
        m_combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        for (const auto& [value, label] : spec.choices)
            m_combo->addItem(label);
        setFocusProxy(m_combo);
        connect(m_combo, &QComboBox::activated, this, [this](int index) {
            if (size_t(index) < m_spec.choices.size())
                Q_EMIT edited(m_spec.choices[size_t(index)].first, false);
        });
    }
    void setValue(const Json& value) override
    {
        const Json& wanted = value.isNull() ? m_spec.fallback : value;
        while (size_t(m_combo->count()) > m_spec.choices.size())
            m_combo->removeItem(m_combo->count() - 1);
        for (size_t index = 0; index < m_spec.choices.size(); ++index) {
            if (m_spec.choices[index].first == wanted) {
                m_combo->setCurrentIndex(int(index));
                return;
            }
        }
        // What the file says stays visible, also when nothing here knows it.
        m_combo->addItem(wanted.isArray() || wanted.isObject() ? QString::fromUtf8(wanted.toUtf8()) : wanted.scalarText());
        m_combo->setCurrentIndex(m_combo->count() - 1);
    }

private:
    const OptionSpec m_spec;
    QComboBox* m_combo;
};

class SliderEditor final : public OptionEditor
{
public:
    SliderEditor(const OptionSpec& spec, QWidget* parent)
        : OptionEditor(parent), m_spec(spec), m_steps(spec.max <= 1 ? 100 : 1), m_slider(new QSlider(Qt::Horizontal, this)), m_edit(new QLineEdit(this))
    {
        auto* layout = rowOf(this);
        layout->addWidget(m_slider, 1);
        layout->addWidget(m_edit);
        m_slider->setRange(int(std::lround(spec.min * m_steps)), int(std::lround(spec.max * m_steps)));
        m_slider->setPageStep(std::max(1, (m_slider->maximum() - m_slider->minimum()) / 10));
        m_slider->setAccessibleName(spec.label);
        m_edit->setFixedWidth(48);
        m_edit->setAccessibleName(spec.label);
        setFocusProxy(m_slider);
        connect(m_slider, &QSlider::valueChanged, this, [this](int value) {
            if (!m_setting)
                give(double(value) / m_steps);
        });
        connect(m_edit, &QLineEdit::textEdited, this, [this](const QString& text) {
            bool ok = false;
            const double value = QString(text).replace(u',', u'.').toDouble(&ok);
            if (ok && value >= m_spec.min && value <= m_spec.max)
                give(value);
        });
    }
    void setValue(const Json& value) override
    {
        const double shown = value.isNumber() ? value.toDouble() : m_spec.fallback.toDouble();
        m_setting = true;
        m_slider->setValue(int(std::lround(shown * m_steps)));
        m_setting = false;
        if (!m_edit->hasFocus())
            m_edit->setText(Json(shown).scalarText());
    }

private:
    void give(double value)
    {
        m_edit->setText(Json(value).scalarText());
        Q_EMIT edited(value == std::floor(value) ? Json(qint64(value)) : Json(value), true);
    }

    const OptionSpec m_spec;
    const int m_steps;
    QSlider* m_slider;
    QLineEdit* m_edit;
    bool m_setting = false;
};

class UnitEditor final : public OptionEditor
{
public:
    UnitEditor(const OptionSpec& spec, QWidget* parent) : OptionEditor(parent), m_picker(new UnitPicker(this))
    {
        rowOf(this)->addWidget(m_picker);
        m_picker->setAccessibleName(spec.label);
        setFocusProxy(m_picker);
        connect(m_picker, &UnitPicker::chosen, this, [this](const QString& unit) { Q_EMIT edited(unit.isEmpty() ? Json() : Json(unit), false); });
    }
    void setValue(const Json& value) override { m_picker->setUnit(value.toString()); }

private:
    UnitPicker* m_picker;
};

class ColorEditor final : public OptionEditor
{
public:
    ColorEditor(const OptionSpec& spec, QWidget* parent) : OptionEditor(parent), m_button(new ColorButton(this))
    {
        auto* layout = rowOf(this);
        layout->addWidget(m_button);
        layout->addStretch(1);
        m_button->setAccessibleName(spec.label);
        setFocusProxy(m_button);
        connect(m_button, &ColorButton::chosen, this, [this](const QString& color) { Q_EMIT edited(Json(color), false); });
    }
    void setValue(const Json& value) override { m_button->setColorName(value.toString()); }

private:
    ColorButton* m_button;
};

std::vector<std::pair<Json, QString>> colorModes()
{
    const auto one = [](const QString& id, const QString& label) { return std::pair<Json, QString>(Json(id), label); };
    return {{Json(), OptionEditor::tr("As the type does")},
            one(u"palette-classic"_s, OptionEditor::tr("Palette")),
            one(u"palette-classic-by-name"_s, OptionEditor::tr("Palette by name")),
            one(u"thresholds"_s, OptionEditor::tr("By thresholds")),
            one(u"fixed"_s, OptionEditor::tr("One colour")),
            one(u"shades"_s, OptionEditor::tr("Shades of one colour")),
            one(u"continuous-GrYlRd"_s, OptionEditor::tr("Green to red")),
            one(u"continuous-RdYlGr"_s, OptionEditor::tr("Red to green")),
            one(u"continuous-BlYlRd"_s, OptionEditor::tr("Blue to red")),
            one(u"continuous-YlRd"_s, OptionEditor::tr("Yellow to red")),
            one(u"continuous-BlPu"_s, OptionEditor::tr("Blue to purple")),
            one(u"continuous-YlBl"_s, OptionEditor::tr("Yellow to blue")),
            one(u"continuous-blues"_s, OptionEditor::tr("Blues")),
            one(u"continuous-reds"_s, OptionEditor::tr("Reds")),
            one(u"continuous-greens"_s, OptionEditor::tr("Greens")),
            one(u"continuous-purples"_s, OptionEditor::tr("Purples")),
            one(u"continuous-viridis"_s, u"Viridis"_s),
            one(u"continuous-magma"_s, u"Magma"_s),
            one(u"continuous-plasma"_s, u"Plasma"_s),
            one(u"continuous-inferno"_s, u"Inferno"_s),
            one(u"continuous-cividis"_s, u"Cividis"_s)};
}

/// One or several reductions, in a menu of check marks.
class CalcsEditor final : public OptionEditor
{
public:
    CalcsEditor(const OptionSpec& spec, QWidget* parent)
        : OptionEditor(parent), m_single(spec.path.startsWith(u"options.reduceOptions")), m_fallback(spec.fallback), m_button(new QToolButton(this)), m_menu(new QMenu(m_button))
    {
        rowOf(this)->addWidget(m_button);
        m_button->setToolButtonStyle(Qt::ToolButtonTextOnly);
        m_button->setPopupMode(QToolButton::InstantPopup);
        m_button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        m_button->setMenu(m_menu);
        m_button->setAccessibleName(spec.label);
        setFocusProxy(m_button);
        for (const ReducerInfo& info : allReducers()) {
            QAction* action = m_menu->addAction(info.label);
            action->setCheckable(true);
            action->setData(info.id);
            connect(action, &QAction::triggered, this, [this, id = info.id](bool on) { choose(id, on); });
        }
    }
    void setValue(const Json& value) override
    {
        m_ids.clear();
        const Json& wanted = value.isArray() ? value : m_fallback;
        for (const Json& id : wanted.items())
            m_ids << canonicalReducer(id.toString());
        show();
    }

private:
    void choose(const QString& id, bool on)
    {
        if (m_single)
            m_ids = QStringList {id};
        else if (on)
            m_ids << id;
        else
            m_ids.removeAll(id);
        show();
        Q_EMIT edited(Json::strings(m_ids), false);
    }
    void show()
    {
        QStringList labels;
        for (const QString& id : std::as_const(m_ids))
            labels << reducerLabel(id);
        m_button->setText(labels.isEmpty() ? OptionEditor::tr("None") : labels.join(u", "_s));
        m_button->setToolTip(plainTip(labels.join(u'\n')));
        for (QAction* action : m_menu->actions())
            action->setChecked(m_ids.contains(action->data().toString()));
    }

    const bool m_single;
    const Json m_fallback;
    QToolButton* m_button;
    QMenu* m_menu;
    QStringList m_ids;
};

/// false: never, true: always, a number: gaps up to so many ms.
class SpanNullsEditor final : public OptionEditor
{
public:
    SpanNullsEditor(const OptionSpec& spec, QWidget* parent) : OptionEditor(parent), m_combo(new QComboBox(this)), m_edit(new QLineEdit(this))
    {
        auto* layout = rowOf(this);
        layout->addWidget(m_combo, 1);
        layout->addWidget(m_edit);
        m_combo->addItems({OptionEditor::tr("Never"), OptionEditor::tr("Always"), OptionEditor::tr("Shorter than")});
        m_combo->setAccessibleName(spec.label);
        m_edit->setFixedWidth(72);
        m_edit->setAccessibleName(OptionEditor::tr("Milliseconds"));
        m_edit->setPlaceholderText(u"3600000 ms"_s);
        setFocusProxy(m_combo);
        connect(m_combo, &QComboBox::activated, this, [this](int index) {
            m_edit->setVisible(index == 2);
            Q_EMIT edited(index == 2 ? Json(qint64(3'600'000)) : Json(index == 1), false);
        });
        connect(m_edit, &QLineEdit::textEdited, this, [this](const QString& text) {
            bool ok = false;
            const qint64 ms = text.toLongLong(&ok);
            if (ok && ms > 0)
                Q_EMIT edited(Json(ms), true);
        });
    }
    void setValue(const Json& value) override
    {
        m_combo->setCurrentIndex(value.isNumber() ? 2 : value.toBool() ? 1 : 0);
        m_edit->setVisible(value.isNumber());
        if (value.isNumber() && m_edit->text() != value.scalarText())
            m_edit->setText(value.scalarText());
    }

private:
    QComboBox* m_combo;
    QLineEdit* m_edit;
};

/// A field or a variable by name: chosen or typed.
class NameEditor final : public OptionEditor
{
public:
    NameEditor(const OptionSpec& spec, QWidget* parent)
        : OptionEditor(parent), m_variables(spec.kind == OptionSpec::Kind::Variable), m_combo(new QComboBox(this))
    {
        rowOf(this)->addWidget(m_combo);
        m_combo->setEditable(true);
        m_combo->setInsertPolicy(QComboBox::NoInsert);
        m_combo->setAccessibleName(spec.label);
        m_combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        m_combo->lineEdit()->setPlaceholderText(OptionEditor::tr("None"));
        setFocusProxy(m_combo);
        const auto give = [this] {
            const QString text = m_combo->currentText().trimmed();
            if (text == m_value)
                return;
            m_value = text;
            Q_EMIT edited(text.isEmpty() ? Json() : Json(text), false);
        };
        connect(m_combo, &QComboBox::activated, this, give);
        connect(m_combo->lineEdit(), &QLineEdit::editingFinished, this, give);
    }
    void setContext(const OptionContext& context) override
    {
        const QStringList names = m_variables ? context.variableNames : context.fieldNames;
        if (names == m_names || m_combo->lineEdit()->hasFocus())
            return;
        m_names = names;
        m_combo->clear();
        m_combo->addItem(QString());
        m_combo->addItems(names);
        m_combo->setEditText(m_value);
    }
    void setValue(const Json& value) override
    {
        m_value = value.toString();
        if (m_combo->currentText() != m_value)
            m_combo->setEditText(m_value);
    }

private:
    const bool m_variables;
    QComboBox* m_combo;
    QStringList m_names;
    QString m_value;
};

OptionEditor* make(const OptionSpec& spec, QWidget* parent)
{
    using Kind = OptionSpec::Kind;
    switch (spec.kind) {
    case Kind::Text: return new TextEditor(spec, parent);
    case Kind::LongText: return new LongTextEditor(spec, parent);
    case Kind::Number:
    case Kind::Integer: return new NumberEditor(spec, parent);
    case Kind::Bool: return new BoolEditor(spec, parent);
    case Kind::Choice: return new ChoiceEditor(spec, parent);
    case Kind::ColorMode: {
        OptionSpec modes = spec;
        modes.choices = colorModes();
        return new ChoiceEditor(modes, parent);
    }
    case Kind::Unit: return new UnitEditor(spec, parent);
    case Kind::Color: return new ColorEditor(spec, parent);
    case Kind::Calcs: return new CalcsEditor(spec, parent);
    case Kind::Slider: return new SliderEditor(spec, parent);
    case Kind::SpanNulls: return new SpanNullsEditor(spec, parent);
    case Kind::FieldName:
    case Kind::Variable: return new NameEditor(spec, parent);
    case Kind::Thresholds: return new ThresholdsEditor(parent);
    case Kind::Mappings: return new MappingsEditor(parent);
    case Kind::PanelLinks:
    case Kind::DataLinks: return new LinksEditor(parent);
    }
    return new TextEditor(spec, parent);
}

} // namespace

OptionEditor* makeOptionEditor(const OptionSpec& spec, QWidget* parent)
{
    OptionEditor* editor = make(spec, parent);
    editor->setObjectName(u"option:"_s + spec.path);
    editor->setAccessibleName(spec.label);
    return editor;
}

} // namespace Promdeck
