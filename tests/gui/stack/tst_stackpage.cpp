#include "tests/support/testsupport.h"
#include "widgets/common/theme.h"
#include "widgets/stack/stackpage.h"

#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace Promdeck;
using namespace Promdeck::Testing;
using namespace Qt::StringLiterals;

namespace {

/// Stands for the desktop's keychain.
class FakeSecretStore final : public SecretStore
{
public:
    QCoro::Task<Result<QString>> read(QString key) override { co_return entries.value(key); }
    QCoro::Task<Status> write(QString key, QString secret) override
    {
        if (locked)
            co_return makeError(ErrorCode::Secret, u"The keychain is locked"_s);
        entries.insert(key, secret);
        co_return Done {};
    }
    QCoro::Task<Status> remove(QString key) override
    {
        entries.remove(key);
        co_return Done {};
    }
    QHash<QString, QString> entries;
    bool locked = false;
};

} // namespace

/// The form of a stack, filled as a person would.
class TestStackPage final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void passwordGoesToTheKeychain();
    void lockedKeychainSavesNothing();
    void onlyWhatMattersShows();
    void headersKeepTheirSecretsNamed();
    void saysWhichHeaderIsWrong();
    void startsWithWhatIsOpen();

private:
    template <typename Widget>
    [[nodiscard]] Widget* find(const QString& name) const
    {
        return m_page->findChild<Widget*>(name);
    }
    void type(const QString& name, const QString& text) const { find<QLineEdit>(name)->setText(text); }
    void press(const QString& name) const { QTest::mouseClick(find<QPushButton>(name), Qt::LeftButton); }
    [[nodiscard]] QString state() const { return find<QLabel>(u"stackState"_s)->text(); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<StackStore> m_store;
    std::shared_ptr<FakeSecretStore> m_secrets;
    std::unique_ptr<StackPage> m_page;
};

void TestStackPage::initTestCase()
{
    Theme::instance().install(*qobject_cast<QApplication*>(QCoreApplication::instance()));
}

void TestStackPage::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_store = std::make_unique<StackStore>(m_folder->filePath(u"stacks.json"_s));
    m_secrets = std::make_shared<FakeSecretStore>();
    m_page = std::make_unique<StackPage>(m_store.get(), m_secrets);
    m_page->resize(1000, 900);
    m_page->show();
}

void TestStackPage::cleanup()
{
    m_page.reset();
    m_store.reset();
}

void TestStackPage::passwordGoesToTheKeychain()
{
    type(u"stackName"_s, u"prod"_s);
    type(u"stackUrl"_s, u"https://mon.example.org/prom"_s);
    find<QComboBox>(u"stackAuth"_s)->setCurrentIndex(1);
    type(u"stackUser"_s, u"me"_s);
    type(u"stackSecret"_s, u"s3cret"_s);
    QCOMPARE(find<QLineEdit>(u"stackSecret"_s)->echoMode(), QLineEdit::Password);
    press(u"stackSave"_s);
    QTRY_COMPARE(m_store->stacks().size(), 1u);
    QCOMPARE(m_secrets->entries.value(u"stack/prod"_s), u"s3cret"_s);
    const SecretRef& secret = m_store->stacks().front().auth.secret;
    QCOMPARE(secret.source, SecretRef::Source::Keychain);
    QCOMPARE(secret.key, u"stack/prod"_s);
    QVERIFY(!readFile(m_store->filePath()).contains("s3cret"));
    // It is not kept on the screen either, and saving again leaves the entry alone.
    QVERIFY(find<QLineEdit>(u"stackSecret"_s)->text().isEmpty());
    press(u"stackSave"_s);
    QCOMPARE(m_secrets->entries.value(u"stack/prod"_s), u"s3cret"_s);
}

void TestStackPage::lockedKeychainSavesNothing()
{
    m_secrets->locked = true;
    type(u"stackUrl"_s, u"mon.example.org:9090"_s);
    find<QComboBox>(u"stackAuth"_s)->setCurrentIndex(2);
    type(u"stackSecret"_s, u"t0ken"_s);
    press(u"stackSave"_s);
    QTRY_VERIFY2(state().contains(u"locked"_s), qPrintable(state()));
    QVERIFY(m_store->stacks().empty());
    QCOMPARE(find<QLineEdit>(u"stackSecret"_s)->text(), u"t0ken"_s);
}

void TestStackPage::onlyWhatMattersShows()
{
    QVERIFY(!find<QLineEdit>(u"stackUser"_s)->isVisible());
    QVERIFY(!find<QLineEdit>(u"stackSecret"_s)->isVisible());
    find<QComboBox>(u"stackAuth"_s)->setCurrentIndex(2);
    QVERIFY(!find<QLineEdit>(u"stackUser"_s)->isVisible());
    QVERIFY(find<QLineEdit>(u"stackSecret"_s)->isVisible());
    find<QComboBox>(u"stackSecretSource"_s)->setCurrentIndex(int(SecretRef::Source::Environment));
    QVERIFY(!find<QLineEdit>(u"stackSecret"_s)->isVisible());
    QVERIFY(find<QLineEdit>(u"stackSecretKey"_s)->isVisible());
}

void TestStackPage::headersKeepTheirSecretsNamed()
{
    type(u"stackUrl"_s, u"mon.example.org:9090"_s);
    find<QPlainTextEdit>(u"stackHeaders"_s)->setPlainText(u"X-Team: sre\nX-Api-Key: env:PROM_KEY\n"_s);
    press(u"stackSave"_s);
    QTRY_COMPARE(m_store->stacks().size(), 1u);
    const std::vector<AuthConfig::Header> headers = m_store->stacks().front().auth.headers;
    QCOMPARE(headers.size(), 2u);
    QCOMPARE(headers[0].value, u"sre"_s);
    QCOMPARE(headers[1].secret, (SecretRef {SecretRef::Source::Environment, u"PROM_KEY"_s}));
    QCOMPARE(find<QPlainTextEdit>(u"stackHeaders"_s)->toPlainText(), u"X-Team: sre\nX-Api-Key: env:PROM_KEY"_s);
}

void TestStackPage::saysWhichHeaderIsWrong()
{
    type(u"stackUrl"_s, u"mon.example.org:9090"_s);
    find<QPlainTextEdit>(u"stackHeaders"_s)->setPlainText(u"nonsense"_s);
    press(u"stackSave"_s);
    QVERIFY2(state().contains(u"Name: value"_s), qPrintable(state()));
    // A secret in plain text is refused by the store.
    find<QPlainTextEdit>(u"stackHeaders"_s)->setPlainText(u"Authorization: Bearer abc"_s);
    press(u"stackSave"_s);
    QTRY_VERIFY2(state().contains(u"plain text"_s), qPrintable(state()));
    QVERIFY(!state().contains(u"abc"_s));
    QVERIFY(m_store->stacks().empty());
}

void TestStackPage::startsWithWhatIsOpen()
{
    m_page->editCurrent(profileForUrl(QUrl(u"http://127.0.0.1:9090"_s)));
    QCOMPARE(find<QLineEdit>(u"stackUrl"_s)->text(), u"http://127.0.0.1:9090"_s);
    press(u"stackSave"_s);
    QTRY_COMPARE(m_store->stacks().size(), 1u);
}

PROMDECK_GUI_TEST_MAIN(TestStackPage)
#include "tst_stackpage.moc"
