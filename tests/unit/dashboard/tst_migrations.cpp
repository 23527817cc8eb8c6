#include "tests/support/testsupport.h"

#include "models/dashboard/dashboard.h"

using namespace Promdeck;
using namespace Qt::StringLiterals;

class TestMigrations : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void empty()
    {
        QCOMPARE(migrateDashboard(Json::object())[u"schemaVersion"].toInt(), 42);
    }
};

PROMDECK_TEST_MAIN(TestMigrations)
#include "tst_migrations.moc"
