// Questions of hosts as cards in a window.
#include "widgets/common/theme.h"
#include "widgets/hosts/sshprompts.h"
#include "widgets/hosts/sshquestioncard.h"
#include "tests/support/testsupport.h"

#include <QApplication>
#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include <thread>

using namespace Promdeck;
using namespace Qt::StringLiterals;

namespace {

HostKey keyOf(const char* base64)
{
    return HostKey {QByteArray::fromBase64(base64)};
}

const HostKey kOffered = keyOf("AAAAC3NzaC1lZDI1NTE5AAAAIJ6vWf9nJx0q0g3pVd3cCqv4mV0v0d2pQ9jQ4o3mX9aT");
const HostKey kKnown = keyOf("AAAAC3NzaC1lZDI1NTE5AAAAIAbcdefghijklmnopqrstuvwxyz0123456789ABCDEFG");

SshQuestion hostKey(HostKeyVerdict::State state)
{
    SshQuestion question;
    question.kind = SshQuestion::Kind::HostKey;
    question.host = u"db1"_s;
    question.address = u"admin@db1.example.org:22"_s;
    question.key = kOffered;
    question.verdict.state = state;
    if (state != HostKeyVerdict::State::Unknown)
        question.verdict.known.push_back({KnownHost::Marker::None, kKnown, u"/home/me/.ssh/known_hosts"_s, 12, true});
    question.command = hostKeyCommand(kOffered);
    return question;
}

} // namespace

class TestSshPrompts final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { Theme::instance().install(*qApp); }

    void init()
    {
        m_desk = std::make_unique<PromptDesk>(nullptr);
        m_window = std::make_unique<QWidget>();
        m_window->resize(1100, 700);
        m_before = new QLineEdit(m_window.get());
        new SshPrompts(*m_desk, m_window.get());
        m_window->show();
        m_before->setFocus();
        m_answers.clear();
    }

    void cleanup()
    {
        m_window.reset();
        m_desk.reset();
    }

    void anUnknownKeyIsCompared()
    {
        ask(hostKey(HostKeyVerdict::State::Unknown));
        QTRY_VERIFY(card());
        picture(u"unknown"_s);
        QVERIFY(text(u"sshOfferedKey"_s).contains(kOffered.fingerprint()));
        QVERIFY(button(u"sshAccept"_s)->isEnabled());
        auto* pasted = card()->findChild<QLineEdit*>(u"sshPasted"_s);
        QTest::keyClicks(pasted, kKnown.fingerprint());
        QVERIFY(!button(u"sshAccept"_s)->isEnabled() && !button(u"sshOnce"_s)->isEnabled());
        QVERIFY(text(u"sshVerdict"_s).startsWith(u"DIFFERENT"_s));
        picture(u"different"_s);
        pasted->selectAll();
        QTest::keyClicks(pasted, u"256 %1 root@db1 (ED25519)"_s.arg(kOffered.fingerprint()));
        QVERIFY(button(u"sshAccept"_s)->isEnabled());
        picture(u"same"_s);
        QTest::mouseClick(button(u"sshAccept"_s), Qt::LeftButton);
        QTRY_COMPARE(m_answers.size(), std::size_t(1));
        QVERIFY(m_answers[0].accepted && !m_answers[0].once);
        QTRY_VERIFY(!card());
        QCOMPARE(QApplication::focusWidget(), m_before);
    }

    void aChangedKeyNeedsTheFingerprint()
    {
        ask(hostKey(HostKeyVerdict::State::Changed));
        QTRY_VERIFY(card());
        picture(u"changed"_s);
        QVERIFY(text(u"sshKnownKey"_s).contains(kKnown.fingerprint()));
        QVERIFY(!button(u"sshAccept"_s)->isEnabled());
        QVERIFY(!button(u"sshOnce"_s));
        QTest::keyClicks(card()->findChild<QLineEdit*>(u"sshPasted"_s), kOffered.md5());
        QVERIFY(button(u"sshAccept"_s)->isEnabled());
        QTest::keyClick(card()->findChild<QLineEdit*>(u"sshPasted"_s), Qt::Key_Escape);
        QTRY_COMPARE(m_answers.size(), std::size_t(1));
        QVERIFY(!m_answers[0].accepted);
    }

    void secretsAreAskedOneAfterAnother()
    {
        SshQuestion password;
        password.kind = SshQuestion::Kind::Password;
        password.host = u"db1"_s;
        password.address = u"admin@db1:22"_s;
        password.fields = {{QString(), false}};
        SshQuestion code;
        code.kind = SshQuestion::Kind::Interactive;
        code.host = u"db2"_s;
        code.address = u"admin@db2:22"_s;
        code.instruction = u"<b>Two</b> factors"_s;
        code.fields = {{u"Password:"_s, false}, {u"Code from your phone:"_s, true}};
        password.secretKey = u"ssh/password/admin@db1:22"_s;
        ask(code);
        ask(password);
        QTRY_COMPARE(m_desk->waiting().size(), std::size_t(2));
        QTRY_VERIFY(card());
        picture(u"interactive"_s);
        auto* first = card()->findChild<QLineEdit*>(u"sshField0"_s);
        auto* second = card()->findChild<QLineEdit*>(u"sshField1"_s);
        QCOMPARE(first->echoMode(), QLineEdit::Password);
        QCOMPARE(second->echoMode(), QLineEdit::Normal);
        QCOMPARE(QApplication::focusWidget(), first);
        QTest::keyClicks(first, u"s3cret"_s);
        QTest::keyClick(first, Qt::Key_Return);
        QTest::keyClicks(second, u"123456"_s);
        QTest::keyClick(second, Qt::Key_Return);
        QTRY_COMPARE(m_answers.size(), std::size_t(1));
        QCOMPARE(m_answers[0].texts, (QStringList {u"s3cret"_s, u"123456"_s}));
        QTRY_VERIFY(card() && card()->findChild<QCheckBox*>(u"sshRemember"_s));
        picture(u"password"_s);
        card()->findChild<QCheckBox*>(u"sshRemember"_s)->click();
        auto* field = card()->findChild<QLineEdit*>(u"sshField0"_s);
        QTest::keyClicks(field, u"pw"_s);
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_COMPARE(m_answers.size(), std::size_t(2));
        QVERIFY(m_answers[1].accepted && m_answers[1].remember);
    }

    void withdrawnQuestionsGo()
    {
        const SshQuestion question = hostKey(HostKeyVerdict::State::Unknown);
        ask(question);
        QTRY_VERIFY(card());
        m_desk->prompter()->withdraw(question);
        QTRY_VERIFY(!card());
        // A window that is closed leaves nobody waiting.
        ask(question);
        QTRY_VERIFY(card());
        m_desk.reset();
        QCOMPARE(m_answers.size(), std::size_t(1));
        QVERIFY(!m_answers[0].accepted);
    }

private:
    void ask(const SshQuestion& question)
    {
        m_desk->prompter()->ask(question, [this](const SshAnswer& answer) { m_answers.push_back(answer); });
    }

    SshQuestionCard* card() const { return m_window->findChild<SshQuestionCard*>(u"sshQuestion"_s); }
    QPushButton* button(const QString& name) const { return card()->findChild<QPushButton*>(name); }
    QString text(const QString& name) const { return card()->findChild<QLabel*>(name)->text(); }

    /// PROMDECK_PICTURES names a folder for people who want to look.
    void picture(const QString& name) const
    {
        if (!qEnvironmentVariableIsSet("PROMDECK_PICTURES"))
            return;
        QTest::qWait(50);
        m_window->grab().save(qEnvironmentVariable("PROMDECK_PICTURES") + u'/' + name + u".png"_s);
    }

    std::unique_ptr<PromptDesk> m_desk;
    std::unique_ptr<QWidget> m_window;
    QLineEdit* m_before = nullptr;
    std::vector<SshAnswer> m_answers;
};

PROMDECK_GUI_TEST_MAIN(TestSshPrompts)
#include "tst_sshprompts.moc"
