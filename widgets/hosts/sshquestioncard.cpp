#include "widgets/hosts/sshquestioncard.h"

#include "widgets/common/icons.h"
#include "widgets/common/theme.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QFontDatabase>
#include <QFormLayout>
#include <QGuiApplication>
#include <QClipboard>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

#include <utility>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

QString titleOf(const SshQuestion& question)
{
    using Kind = SshQuestion::Kind;
    const bool again = question.attempt > 0;
    switch (question.kind) {
    case Kind::HostKey:
        if (question.verdict.state == HostKeyVerdict::State::Changed)
            return SshQuestionCard::tr("The key of %1 has changed").arg(question.host);
        if (question.verdict.state == HostKeyVerdict::State::OtherType)
            return SshQuestionCard::tr("%1 shows another kind of key than is known").arg(question.host);
        return SshQuestionCard::tr("Is this really %1?").arg(question.host);
    case Kind::Passphrase: return again ? SshQuestionCard::tr("Wrong passphrase, once more") : SshQuestionCard::tr("Passphrase of a key");
    case Kind::Password: return again ? SshQuestionCard::tr("Wrong password, once more") : SshQuestionCard::tr("Password for %1").arg(question.host);
    case Kind::SudoPassword:
        return again ? SshQuestionCard::tr("sudo refused, once more") : SshQuestionCard::tr("sudo password on %1").arg(question.host);
    case Kind::Interactive: break;
    }
    return again ? SshQuestionCard::tr("%1 asks again").arg(question.host) : SshQuestionCard::tr("%1 asks").arg(question.host);
}

} // namespace

SshQuestionCard::SshQuestionCard(const SshQuestion& question, int waitingBehind, Done done, QWidget* parent)
    : QFrame(parent)
    , m_question(question)
    , m_done(std::move(done))
    , m_layout(new QVBoxLayout(this))
{
    setObjectName(u"sshQuestion"_s);
    setAutoFillBackground(true);
    setMaximumWidth(680);
    m_layout->setContentsMargins(18, 14, 18, 14);
    m_layout->setSpacing(8);
    QLabel* title = addText(titleOf(question), true);
    title->setObjectName(u"sshQuestionTitle"_s);
    setAccessibleName(title->text());
    m_behind = new QLabel(this);
    if (question.kind == SshQuestion::Kind::HostKey)
        makeHostKey();
    else
        makeFields();
    makeButtons();
    setWaitingBehind(waitingBehind);
    connect(&Theme::instance(), &Theme::changed, this, &SshQuestionCard::paintColors);
    paintColors();
}

void SshQuestionCard::setWaitingBehind(int count)
{
    m_behind->setText(tr("%n more waiting", nullptr, count));
    m_behind->setVisible(count > 0);
}

QLabel* SshQuestionCard::addText(const QString& text, bool strong)
{
    auto* label = new QLabel(text, this);
    // Servers write some of these; nothing of it is markup.
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    if (strong) {
        QFont font = label->font();
        font.setPixelSize(QFontInfo(font).pixelSize() * 5 / 4);
        label->setFont(font);
    }
    m_layout->addWidget(label);
    return label;
}

void SshQuestionCard::addFact(QFormLayout* form, const QString& label, const QString& value, const QString& name)
{
    auto* text = new QLabel(value, this);
    text->setObjectName(name);
    text->setTextFormat(Qt::PlainText);
    text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    text->setAccessibleName(label);
    form->addRow(label, text);
}

void SshQuestionCard::makeHostKey()
{
    const bool unknown = m_question.verdict.state == HostKeyVerdict::State::Unknown;
    addText(unknown ? tr("Nobody on this computer has met %1 before. Compare its key with what the server itself says.").arg(m_question.address)
                    : tr("Either somebody made a new key on %1, or somebody else answers in its place. Nothing was sent. "
                         "Do not go on before you know which.").arg(m_question.address));
    auto* form = new QFormLayout;
    form->setHorizontalSpacing(12);
    for (const KnownHost& known : m_question.verdict.known) {
        if (known.marker == KnownHost::Marker::None)
            addFact(form, tr("Known"), u"%1 %2"_s.arg(known.key.shortType(), known.key.fingerprint()), u"sshKnownKey"_s);
    }
    addFact(form, unknown ? tr("Key") : tr("Offered"), u"%1 %2"_s.arg(m_question.key.shortType(), m_question.key.fingerprint()), u"sshOfferedKey"_s);
    addFact(form, QString(), m_question.key.md5(), u"sshOfferedMd5"_s);
    auto* row = new QHBoxLayout;
    auto* commandText = new QLabel(m_question.command, this);
    commandText->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    commandText->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* copy = new QToolButton(this);
    copy->setIcon(themeIcon(u"copy"_s));
    copy->setToolTip(tr("Copy the command"));
    copy->setAccessibleName(tr("Copy the command"));
    connect(copy, &QToolButton::clicked, this, [text = m_question.command] { QGuiApplication::clipboard()->setText(text); });
    row->addWidget(commandText);
    row->addWidget(copy);
    row->addStretch(1);
    form->addRow(tr("On the server"), row);
    m_pasted = new QLineEdit(this);
    m_pasted->setObjectName(u"sshPasted"_s);
    m_pasted->setPlaceholderText(tr("paste what it prints, to compare"));
    m_pasted->setAccessibleName(tr("Fingerprint to compare"));
    form->addRow(tr("&Compare"), m_pasted);
    m_verdict = new QLabel(this);
    m_verdict->setObjectName(u"sshVerdict"_s);
    m_verdict->setWordWrap(true);
    form->addRow(QString(), m_verdict);
    m_layout->addLayout(form);
    if (m_question.verdict.certified)
        addText(tr("known_hosts names an authority for this host. Promdeck cannot check certificates of hosts."));
    connect(m_pasted, &QLineEdit::textChanged, this, &SshQuestionCard::compare);
    setFocusProxy(m_pasted);
}

void SshQuestionCard::makeFields()
{
    switch (m_question.kind) {
    case SshQuestion::Kind::Passphrase: addText(tr("%1, to log in at %2").arg(m_question.file, m_question.address)); break;
    case SshQuestion::Kind::SudoPassword:
        addText(tr("%1 needs root for this step. The password is tried once and sent to sudo alone.").arg(m_question.address));
        break;
    default: addText(m_question.address); break;
    }
    for (const QString& words : {m_question.title, m_question.instruction}) {
        if (!words.isEmpty())
            addText(words);
    }
    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    for (const SshQuestion::Field& field : m_question.fields) {
        auto* edit = new QLineEdit(this);
        edit->setObjectName(u"sshField%1"_s.arg(m_fields.size()));
        edit->setEchoMode(field.echo ? QLineEdit::Normal : QLineEdit::Password);
        const QString label = !field.prompt.isEmpty() ? field.prompt
            : m_question.kind == SshQuestion::Kind::Passphrase ? tr("Passphrase")
                                                               : tr("Password");
        edit->setAccessibleName(label);
        auto* text = new QLabel(label, this);
        text->setTextFormat(Qt::PlainText);
        text->setBuddy(edit);
        form->addRow(text, edit);
        connect(edit, &QLineEdit::returnPressed, this, [this, edit] {
            if (edit != m_fields.last())
                focusNextChild();
            else
                answer(true);
        });
        m_fields << edit;
    }
    m_layout->addLayout(form);
    if (!m_question.secretKey.isEmpty()) {
        m_remember = new QCheckBox(tr("Keep it in the &keychain"), this);
        m_remember->setObjectName(u"sshRemember"_s);
        m_layout->addWidget(m_remember);
    }
    if (!m_fields.isEmpty())
        setFocusProxy(m_fields.first());
}

void SshQuestionCard::makeButtons()
{
    const bool key = m_question.kind == SshQuestion::Kind::HostKey;
    const bool unknown = m_question.verdict.state == HostKeyVerdict::State::Unknown;
    auto* row = new QHBoxLayout;
    row->addWidget(m_behind);
    row->addStretch(1);
    auto* refuse = new QPushButton(key ? tr("Do &not connect") : tr("Cancel"), this);
    refuse->setObjectName(u"sshRefuse"_s);
    refuse->setAutoDefault(false);
    connect(refuse, &QPushButton::clicked, this, [this] { answer(false); });
    row->addWidget(refuse);
    if (key && unknown) {
        auto* once = new QPushButton(tr("Connect &once"), this);
        once->setObjectName(u"sshOnce"_s);
        once->setAutoDefault(false);
        connect(once, &QPushButton::clicked, this, [this] { answer(true, true); });
        row->addWidget(once);
    }
    m_accept = new QPushButton(!key ? tr("Con&tinue") : unknown ? tr("&Trust this key") : tr("&Replace the known key"), this);
    m_accept->setObjectName(u"sshAccept"_s);
    m_accept->setEnabled(!key || unknown);
    connect(m_accept, &QPushButton::clicked, this, [this] { answer(true); });
    row->addWidget(m_accept);
    m_layout->addLayout(row);
}

void SshQuestionCard::compare()
{
    const bool unknown = m_question.verdict.state == HostKeyVerdict::State::Unknown;
    const QString text = m_pasted->text();
    const Result<bool> same = pastedKeyMatches(text, m_question.key);
    m_differs = same && !*same;
    if (text.trimmed().isEmpty())
        m_verdict->clear();
    else if (!same)
        m_verdict->setText(tr("This is no fingerprint yet"));
    else
        m_verdict->setText(*same ? tr("The same: this is the server's key") : tr("DIFFERENT: this is not the server's key. Do not connect"));
    m_accept->setEnabled(!m_differs && (unknown || same.valueOr(false)));
    if (auto* once = findChild<QPushButton*>(u"sshOnce"_s))
        once->setEnabled(!m_differs);
    paintColors();
}

void SshQuestionCard::answer(bool accepted, bool once)
{
    SshAnswer answer;
    answer.accepted = accepted;
    answer.once = once;
    answer.remember = accepted && m_remember && m_remember->isChecked();
    for (QLineEdit* field : std::as_const(m_fields)) {
        if (accepted)
            answer.texts << field->text();
        field->clear();
    }
    if (const Done done = std::exchange(m_done, {}))
        done(answer);
}

void SshQuestionCard::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape) {
        answer(false);
        return;
    }
    QFrame::keyPressEvent(event);
}

bool SshQuestionCard::isAlarming() const
{
    return m_differs || (m_question.kind == SshQuestion::Kind::HostKey && m_question.verdict.state != HostKeyVerdict::State::Unknown);
}

void SshQuestionCard::paintEvent(QPaintEvent*)
{
    const ThemeColors& c = Theme::instance().colors();
    QPainter painter(this);
    painter.setPen(isAlarming() ? c.error : c.borderStrong);
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
    painter.fillRect(0, 0, 4, height(), isAlarming() ? c.error : c.accent);
}

void SshQuestionCard::paintColors()
{
    const ThemeColors& c = Theme::instance().colors();
    QPalette colors = palette();
    colors.setColor(QPalette::Window, blend(c.canvas, withAlpha(isAlarming() ? c.error : c.info, 0.10)));
    colors.setColor(QPalette::WindowText, c.text);
    setPalette(colors);
    QPalette behind = m_behind->palette();
    behind.setColor(QPalette::WindowText, c.textSecondary);
    m_behind->setPalette(behind);
    update();
    if (m_verdict) {
        QPalette verdict = m_verdict->palette();
        const bool same = m_pasted && pastedKeyMatches(m_pasted->text(), m_question.key).valueOr(false);
        verdict.setColor(QPalette::WindowText, m_differs ? c.error : same ? c.success : c.text);
        m_verdict->setPalette(verdict);
    }
}

} // namespace Promdeck
