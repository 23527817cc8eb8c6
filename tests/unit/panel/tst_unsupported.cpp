#include "models/panel/panelmodels.h"
#include "tests/support/testsupport.h"

using namespace Promdeck;
using namespace Qt::StringLiterals;

class TestUnsupported : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void reports_data()
    {
        QTest::addColumn<QString>("type");
        QTest::addColumn<QByteArray>("options");
        QTest::addColumn<QByteArray>("fieldConfig");
        QTest::addColumn<QStringList>("expected");
        QTest::newRow("plain time series is honoured")
            << u"timeseries"_s << QByteArray(R"({"legend":{"displayMode":"list","calcs":[]},"tooltip":{"mode":"multi"}})")
            << QByteArray(R"({"defaults":{"unit":"s","custom":{"lineWidth":1,"hideFrom":{"viz":false}}},"overrides":[]})")
            << QStringList();
        QTest::newRow("unknown option") << u"timeseries"_s << QByteArray(R"({"magic":{"deep":true}})")
                                        << QByteArray("{}") << QStringList {u"options.magic.deep"_s};
        QTest::newRow("known option, unknown value")
            << u"stat"_s << QByteArray(R"({"colorMode":"plaid"})") << QByteArray("{}")
            << QStringList {u"options.colorMode=plaid"_s};
        QTest::newRow("values that ask for nothing")
            << u"timeseries"_s << QByteArray(R"({"magic":false,"other":null,"third":"","list":[]})") << QByteArray("{}")
            << QStringList();
        QTest::newRow("matcher and property of an override")
            << u"timeseries"_s << QByteArray("{}")
            << QByteArray(R"({"defaults":{},"overrides":[{"matcher":{"id":"byMoon","options":""},
                             "properties":[{"id":"custom.glitter","value":3},{"id":"unit","value":"s"}]}]})")
            << QStringList {u"override matcher:byMoon"_s, u"override:custom.glitter=3"_s};
        QTest::newRow("panel type") << u"geomap"_s << QByteArray("{}") << QByteArray("{}")
                                    << QStringList {u"type:geomap"_s};
        QTest::newRow("nested value with a closed set")
            << u"timeseries"_s << QByteArray("{}")
            << QByteArray(R"({"defaults":{"custom":{"lineStyle":{"fill":"wavy"}}}})")
            << QStringList {u"custom.lineStyle.fill=wavy"_s};
    }

    void reports()
    {
        QFETCH(QString, type);
        QFETCH(QByteArray, options);
        QFETCH(QByteArray, fieldConfig);
        QFETCH(QStringList, expected);
        PanelSpec panel;
        panel.type = type;
        panel.options = Json::parse(options).valueOr({});
        panel.fieldConfig = Json::parse(fieldConfig).valueOr({});
        QCOMPARE(unsupportedFeatures(panel), expected);
    }

    void queriesAndTransformations()
    {
        PanelSpec panel;
        panel.type = u"timeseries"_s;
        panel.transformations = *Json::parse(R"([{"id":"organize"},{"id":"levitate"},{"id":"float","disabled":true}])");
        Target logs;
        logs.datasource.type = u"tempo"_s;
        Target hidden;
        hidden.hide = true;
        hidden.datasource.type = u"influxdb"_s;
        panel.targets = {logs, hidden};
        QCOMPARE(unsupportedFeatures(panel), (QStringList {u"datasource:tempo"_s, u"transformation:levitate"_s}));
    }
};

PROMDECK_TEST_MAIN(TestUnsupported)
#include "tst_unsupported.moc"
