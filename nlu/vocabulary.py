"""Words that give away the language a text is written in, and Finnish service words that everybody uses; all folded.

These are the function words and the commonest nouns of each language, not words of our topics: a topic is asked about
in every language. The Latin lists of Russian, Ukrainian, Arabic and Persian are how people type them without a keyboard.
"""

from __future__ import annotations

from collections.abc import Mapping

from nlu.normalise import words


def _set(*lines: str) -> frozenset[str]:
    return frozenset(words(" ".join(lines)))


def _stems(*lines: str) -> tuple[str, ...]:
    return tuple(sorted(_set(*lines)))


# Names of Finnish services, places and papers, typed in the middle of any language.
NEUTRAL = _set(
    "migri kela dvv maistraatti vero verokortti verokortin tyyppi hetu henkilotunnus henkkari kotikunta oleskelulupa",
    "oleskelulupakortti toimeentulotuki asumistuki lapsilisa elatustuki paivakoti neuvola esikoulu eskari lukio ammattikoulu",
    "te toimisto tetoimisto tyomarkkinatori tyomarkkinatuki sossu sosiaalitoimisto vokki vok vastaanottokeskus pietari kao kamk",
    "turvapaikka turvapaikanhakija vastaanottoraha kansalaisuus perheenyhdistaminen jatkolupa tilapainen suojelu hakemus lomake",
    "ajanvaraus tulkki valitus paatos kielteinen tyonhakija tunnistautuminen kotikuntamerkinta digi vaestotietovirasto kortti",
    "yki testi opisto kaukametsa ajokortti ajovarma traficom enterfinland enter finland international info infofinland suomi fi",
    "omakanta omakela omavero omaolo suomifi pankkitunnus pankkitunnukset mobiilivarmenne tunnistus passi poliisi terveysasema",
    "paivystys sairaala hammashoito vuokra vuokrasopimus takuuvuokra isannoitsija posti prisma lidl tori finnkino yle hsl vr",
    "kajaani kajaanin kajaanissa kainuu kainuun kuhmo sotkamo suomussalmi vuokatti oulu helsinki tampere paltamo ristijarvi",
    "puolanka hyrynsalmi pohjolankatu finland finlandia suomessa kotoutumiskoulutus kotoutumissuunnitelma valitusosoitus",
    "ok okay okei sos www com http https email mail whatsapp telegram viber facebook google pdf app id online nordea osuuspankki op",
)

# A greeting or a thank-you says it all, even alone.
GREETINGS: Mapping[str, frozenset[str]] = {
    "fi": _set("moi moikka hei heippa moro terve huomenta paivaa kiitos kiitti kiitoksia nakemiin"),
    "en": _set("hello hi hey thanks thank thx goodbye bye please sorry"),
    "sv": _set("hej hejsan tack tjena varsagod"),
    "et": _set("tere aitah tanan palun"),
    "es": _set("hola gracias adios buenos buenas"),
    "fr": _set("bonjour salut merci bonsoir"),
    "tr": _set("merhaba tesekkurler tesekkur selam gunaydin"),
    "so": _set("mahadsanid iska"),
    "sw": _set("habari asante jambo mambo"),
    "ru": _set(
        "привет здравствуйте здравствуй здрасте спасибо пожалуйста приветствую благодарю досвидания privet zdravstvuite zdravstvuyte spasibo pozhaluysta"
    ),
    "uk": _set("привіт вітаю дякую здрастуйте будьласка pryvit dyakuyu diakuiu"),
    "ar": _set("مرحبا اهلا شكرا السلام عليكم هلا صباح مساء marhaba mar7aba shukran shokran"),
    "fa": _set("سلام ممنون متشكرم مرسي درود تشكر"),
    "ckb": _set("سلاو سوپاس"),
}

WORDS: Mapping[str, frozenset[str]] = {
    "fi": _set(
        "ja ei en et emme ette eivat on ovat oli olen olet olemme olette olla olisi onko oletko oliko ollut minun mun sinun sun",
        "mina ma sina sa han me te he se ne tama tuo nama tata sita niita minua sinua hanta meita minulla mulla sinulla sulla",
        "hanella meilla teilla heilla minulle mulle hanelle meille minusta meidan teidan hanen heidan itse kuka mika mita",
        "missa mista mihin milloin koska miten miksi kuinka paljonko montako kumpi millainen mitka kenelle jos kun etta mutta tai",
        "vai eli vaikka koska kuin niin nyt viela jo vain vaan myos sitten siella taalla tanne tuolla heti aina joku jokin",
        "jotain mitaan kaikki koko monta paljon vahan hyva hyvin uusi uuden ilman kanssa ennen jalkeen varten mukaan kautta",
        "voi voin voinko voiko voisin voisiko voitte voitteko saa saan saanko saako saada saisin pitaa pitaako pitaisi taytyy",
        "taytyyko haluan haluaisin haluaa tarvitsen tarvitseeko tarvitsenko tarvii tarviiko kuuluu kuuluuko menee mennaan menna",
        "tulee tulla tehda teen hakea haen maksaa maksaako kay kayda loppuu alkaa auttaa auttaako apua tiedan tieda ymmarra",
        "puhun puhua kysya kysymys lapsi lapsen lapset lapselle mies mieheni vaimo vaimoni aiti aidin isa poika tytto ystava",
        "kaveri tyo tyota toita asunto asunnon asuntoa raha rahaa laakari laakarin laakariin koulu kouluun kotiin kotona",
        "paiva aika ajan lupa luvan paperi paperit kielta suomea suomeksi tulkki tulkkia henkilo ihminen kukaan yksi kaksi",
        "toihin autatteko auttakaa eiko enko kylla joo juu paljo oikeasti vielako ootte oon oot onks saaks voiks tarvinko meni",
        "tuli sain olin teidät kuinkas mites misson joutuu joudun lahtee lahden ilmoittaa vaihtaa varata tilata kertoa tietoa",
    ),
    "en": _set(
        "the a an i you he she it we they me him us them my your his her our their its im ive youre dont doesnt didnt cant wont",
        "isnt arent wasnt is are am was were be been being have has had do does did done can could will would shall should must",
        "may might not no yes and or but if when where what which who whom whose how why because so than then too very just",
        "to of in on at by for from with without about into out up down over after before during until since this that these",
        "those there here need want help get got give go going come make take find know tell say think understand speak any",
        "some all every each other another more most much many few already only also still again now today tomorrow yesterday",
        "work job money doctor child children kid kids baby wife husband mother father brother sister friend son daughter",
        "family house home apartment flat rent school language course learn english finnish paper papers letter decision",
        "appointment open closed office hours day days week weeks month months year years new old first last long time where",
        "someone somebody anyone nobody something anything nothing person people man woman pay cost free apply application",
        "renew change extend permit residence licence license card code number call phone answer question ask wait got please",
        "possible allowed able possible really ok sick pain bus let lost send show tell use using live living lives moved move",
    ),
    "sv": _set(
        "och jag du han hon vi ni de det den en ett ar var som inte med for till av pa om min mitt mina din hur vad nar varfor",
        "vem kan ska vill maste behover har hade finns fran eller men ocksa bara mycket nu hjalp barn man fru arbete bostad lakare",
    ),
    "et": _set(
        "ja ei on ma mina sa sina ta me te nad see mis kus millal kuidas miks kes kas et aga voi oma mul sul minu sinu mulle",
        "olen oled oli olema saan saab vaja pean tahan palju laps lapse mees naine too arst korter raha kui ka siis ainult ning",
    ),
    "es": _set(
        "el la los las un una de y en que no es por para con mi su yo tu como donde cuando cuanto quien porque puedo necesito",
        "quiero tengo hay esta estoy soy me se del al trabajo hijo hija esposa marido medico casa dinero ayuda muy mas tambien",
    ),
    "fr": _set(
        "le la les un une des de du et en que qui ne pas est je tu il elle nous vous mon ma mes son sa pour avec sans dans sur",
        "comment ou quand combien pourquoi puis peux veux besoin ai suis avez est ce travail enfant femme mari medecin maison aide",
    ),
    "tr": _set(
        "ve bir bu icin ben sen o biz siz benim nasil nerede ne zaman neden kim var yok mi mu degil ile da de cok daha istiyorum",
        "lazim gerekiyor yardim cocuk esim is ev doktor para nereden kadar sonra once evet hayir olarak gibi ama",
    ),
    "so": _set(
        "waxaan waan waa ma miyaa sidee xagee xaggee goorma maxaa maxay oo iyo ka ku la iga ii uga aan ayaa waxa qof caruur",
        "carruurta caawimaad caawin fadlan aniga anigu shaqo guri dhakhtar lacag wiil gabadh xaas ninkayga raba rabaa doonayaa",
    ),
    "sw": _set(
        "na ya wa kwa ni si mimi wewe yeye sisi nini wapi lini vipi jinsi gani nataka ninahitaji naomba nina hapa sasa kazi nyumba",
        "mtoto watoto mke mume daktari pesa shule msaada lakini au kama hii hiyo",
    ),
    "ru": _set(
        "я ты он она оно они у к о об со во ко то та так про сам ни да мы вы меня мне мнои мои моя мое моего моеи мою твои его ее их нам вам нас вас ему ей и в на с не что",
        "это этот эта как где когда куда откуда почему зачем сколько кто какои какая какие если или но а уже еще тоже только",
        "есть нет нету был была было были будет быть мои можно нужно надо нельзя хочу хотим могу может можете должен должна",
        "делать сделать получить подать узнать наити помогите помочь подскажите скажите работа работу работать ребенок ребенка",
        "дети детеи муж жена мужа жены мама папа брат сестра друг подруга квартира квартиру жилье деньги врач врачу школа",
        "документы разрешение запись записаться язык языка перевод перевести переводчик для от до из по за при без после сеичас",
        "сегодня завтра вообще просто очень много мало ничего никто потом тут там здесь тебя себя чем чего какое ли же бы пока",
        "из-за этого всё все всех время день месяц год лет раз человек люди дом адрес номер телефон помощь вопрос ответ",
    ),
    "uk": _set(
        "я ти він вона воно вони а о об то та так про сам ні со ми ви мене мені мною міи моя моє мого моєі мою твіи ного іі іх нам вам нас вас йому іи і в у та",
        "на з із не що це цеи ця як де коли куди звідки чому навіщо скільки хто якии яка які якщо або але вже ще теж тільки бо чи",
        "є нема немає був була було були буде бути можна треба потрібно хочу хочемо можу може можете маю має повинен",
        "робити зробити отримати подати дізнатись знаити допоможіть допомогти підкажіть скажіть робота роботу працювати дитина",
        "дитину діти дітеи чоловік дружина мама тато брат сестра друг подруга квартира квартиру житло гроші лікар школа",
        "документи дозвіл запис записатись записатися мова мови переклад перекладач для від до по за при без після зараз",
        "сьогодні завтра взагалі просто дуже багато мало нічого ніхто потім тут там тебе себе чим чого яке же би поки",
        "цього все всі всіх час день місяць рік років раз людина люди дім адреса номер телефон допомога питання відповідь шо",
        "тіко треба тре може чоловіка дружину иого живу",
    ),
    "ar": _set(
        "في من على الى عن مع هل ما ماذا متى اين كيف لماذا كم من انا انت انتي هو هي نحن هم انتم هذا هذه ذلك التي الذي لا لم لن ليس",
        "نعم او و ان اذا لكن ثم قد كل بعض اي عند عندي عندك لدي لي لك له لها لنا بدي بدنا شو شلون وين ليش ايش شنو هاي هاد هاذا مو",
        "مش موب لازم ممكن فيني اقدر اريد ابغى ابي عايز عاوز وانا بس كمان هون هنا هناك اليوم بكرا غدا الان هلا هسه بعد قبل كتير",
        "زوجي زوجتي ابني بنتي اولادي طفل اطفال امي ابي اخي اختي عمل شغل بيت شقه مدرسه طبيب دكتور مستشفى لغه موعد رقم ورقه اوراق",
        "يوجد فيه كان كانت يكون احتاج اعرف ساعدوني مساعده بدون خلال حتى كذا يعني رح راح عم ولا والله اللي على علي الي",
    ),
    "fa": _set(
        "من تو او ما شما انها اين ان را از به در با براي كه و يا است هست نيست هستم هستيم هستند بود شد شده ميشود ميشه ميكنم",
        "ميخواهم ميخوام ميتوانم ميتونم دارم داريم ندارم دارد داره بايد چطور چگونه چه چي كجا كي چرا چند چقدر كدام اگر ولي اما هم",
        "ايا براي بدون بعد قبل الان امروز فردا كار خانه بچه فرزند شوهر همسر زن دكتر پول مدرسه زبان كمك لطفا خواهش هاي كنم كنيد",
        "كند بگيرم بگيريم بدهم برم بروم مي نمي خيلي همه هيچ مرا ام اش",
    ),
    "ckb": _set(
        "من تو ئەو ئێمە ئێوە لە بۆ بە و كە لەگەڵ نییە هەیە چۆن كوێ كەی بۆچی چەند دەتوانم دەمەوێت دەمەوێ پێویستم منداڵ ژن مێرد كار",
        "ماڵ پارە دكتۆر قوتابخانە زمان یارمەتی تكایە ئەم ئەوە نازانم ناتوانم لێرە",
    ),
}

# The same languages in Latin letters.
LATIN_WORDS: Mapping[str, frozenset[str]] = {
    "ru": _set(
        "kak kakoi kakoy kakie kakaya gde chto chtoby chego chem che cto shto eto etot etu menya mena mne mnoi moi moy moya moyu moe",
        "moego moej moey nas nam vas vam ego ee ih ona oni ya ja mi vy ty est net nety netu byl byla bylo budet byt mozhno mojno",
        "mozno mozhna nuzhno nujno nuzno nado nelzya hochu khochu xochu mogu mozhet mojet mozhete mojete dolzhen esli ili kogda",
        "kuda otkuda pochemu zachem skolko kto uzhe uje eshche esche eshe tozhe toje tolko pomogite pomogi pomoch podskazhite",
        "podskajite skazhite skajite pozhaluysta pojaluista pozhaluista pojalusta spasibo privet zdravstvuite zdravstvuyte zdrastvuite",
        "dobryi dobriy dobry dobryy den vecher vnzh vnj vng pasport rabota rabotu raboty rabote rabotat rebenok rebenka rebyonok",
        "deti detei detey muzh muj muzha jena zhena zheny mama papa brat sestra drug podruga kvartira kvartiru kvartiry zhilye jilye",
        "dengi vrach vrachu vracha vrachom shkola shkolu shkole dokumenty dokumenti razreshenie zapis zapisatsya zapisatsa zapisat",
        "yazyk yazik perevod perevodchik poluchit poluchil podat prodlit pomenyat smenit nayti naiti uznat sdelat delat dlya iz bez",
        "posle pri ot do na po za so sejchas seychas seichas segodnya zavtra voobshche prosto ochen mnogo nichego potom tut tam zdes",
        "sebya tebya vsyo vse vremya god let mesyac chelovek lyudi adres nomer telefon vopros otvet spravka posobie posobiya zhit",
        "grazhdanstvo gragdanstvo ubezhishche kursy zhivu jivu bolit srochno finlyandii finlyandiya finlandii priehal priehala",
    ),
    "uk": _set(
        "yak yaka yaki yakyi yake jak de shcho scho sho chy mene meni mnoyu mii miy moya moye moyi moho nas nam vas vam yogo yoho",
        "yii yiyi vin vona vony vy my ye nemaye nema nemae buv bula bulo bude buty mozhna mozhlyvo treba potribno potriben potribna",
        "potribni khochu hochu mozhu mozhe mozhete maye mayu yakshcho yaksho yakscho abo ale koly kudy zvidky chomu navishcho skilky",
        "hto khto vzhe shche tezh tilky dopomozhit dopomogty dopomohty dopomoha dopomoga pidkazhit skazhit bud laska dyakuyu diakuiu",
        "dyakuiu diakuyu pryvit privit dobryi dobrogo dobroho den vechir robota robotu roboty robotoyu pratsyuvaty dytyna dytynu",
        "dytyny dity ditei ditey cholovik cholovika druzhyna druzhynu mama tato brat sestra kvartyra kvartyru kvartyry zhytlo zhytla",
        "hroshi groshi likar likarya likarni shkola shkolu dokumenty dozvil zapys zapysatys zapysatysya mova movu movy pereklad",
        "perekladach perekladacha otrymaty otrymav podaty prodovzhyty podovzhyty zminyty pominyaty znayty diznatys zrobyty robyty",
        "dlya vid bez pislya pry do na po za zaraz sohodni siogodni zavtra vzahali prosto duzhe bahato bagato nichoho nihto potim",
        "tut tam sebe tebe vse chas rik rokiv misyats misyac lyudyna lyudy adresa nomer telefon pytannya vidpovid dovidka dovidku",
        "posvidka posvidku prytulok tymchasovyi zahyst ukrayiny ukrainy ukraini zhyvu finlyandiyi finlyandii pryyihav pryyihala i ta",
    ),
    "ar": _set(
        "ana enta inta enti inti nta howa huwa hiyya hiya hia ehna nehna shu sho shou chou ish esh eish wesh shno shnu shlon shlonak",
        "shlonek kif kef keef kifak kifik kayf kayfa kaif keif izay ezay wen wein ween wayn feen fein mnen mnein emta imta aimta mata",
        "lesh leish laish leh leeh kam adesh gadesh addesh addeh bidi bedi baddi biddi bdi bde beddi badi bidna badna awez ayez aayez",
        "urid oreed oreid areed arid abgha abi andi indi endi aandi mish mesh mosh mush msh mu mo mafi mafe fi fii fe fee naam aywa eh",
        "wallah walla wallahi inshallah inshalla yalla habibi salam assalamu alaikum marhaba ahlan ahla sabah shukran shokran choukran",
        "fadlak samaht samahti momkin mumkin momken mumken lazem lazim laazem bas bass kaman kamaan hal hay hada haza hatha hadha hayda",
        "el al il w wa ya yani ila ela ala alla an am aam min men mn maa lal bel bil lil bala hon hun hona hnak jdid jadid jdeed ktir",
        "kteer kitir kthir shwei shway shwayya zawji zouji jozi jouzi zawjati marti mrati ibni ebni binti benti awlad wlad wladi awladi",
        "walad tefl tifl bet beit beyt bayt dar shaqa shaqqa shughl shoghl shighl madrasa madrase madraseh doktor tabib hakim hakeem",
        "mustashfa mostashfa iqama eqama ekama iqamah igama jawaz safar lugha logha mutarjim motarjem mawid mawed raqm rakam waraq awraq",
        "warak aaref bddi bdna hek heik hayk kol kul kan kanet rah rayeh ray7 sar kwayes tayeb tayyeb yom bukra bokra halla hala2 issa",
    ),
    "fa": _set(
        "man shoma chetor chetori chejoori chejuri koja kojast chi che chera kei mikham mikhaham mikhahim mikhad mitoonam mitunam",
        "mitonam mitavanam mishe mishavad mishe baraye bara dar az ba be ke ra ro ast hast hastam nist daram darim dare nadaram bayad",
        "begiram bokonam konam kardan kard lotfan mamnoon merci salam dorood komak zaban farsi eghamat eqamat eghamatam kar kaar khane",
        "khoone bache bachem bachaha shohar shoharam zan zanam hamsar hamsaram doktor vaght vaghte noubat emrooz emruz farda alan",
    ),
}

# How longer words begin in Latin letters, whatever their ending.
LATIN_STEMS: Mapping[str, tuple[str, ...]] = {
    "ru": _stems(
        "razresh prodl perevod perevest zapis dokument kvartir rabot vremen pomog pomosh pomoshch skolk mesyac mesyats otkaz zhalob",
        "jalob podat podav poluch oform zayav zajav anket ochered bolni poliklin lechen lekarst uchits uchus shkol detsk sadik",
        "yazyk finsk russk ukrain bezhen bejen ubezh ubej zashit zashch zaschit grazhd gragd migrac posob nalog zarplat zarabot",
        "ugroz nasil strash boyus umer umira konsult besplat vstrech prihod prishe prishl priekh prieha priez zhive zhivu snyat",
        "dogovor hozya hozyai khozya sosed podrug rodite rebyon semyu semya prava voditel obmen pomenya nuzhn nujn mozhn mojn dolzh",
        "hochet khoche znaet znayu ponima skaz skaj rasskaz otvet vopros pozvon zvonit otkry otkri zakry zakri rabochi segodn zavtr",
        "vchera srochn nelz otkud gorod ulits ekzamen spravk posol pasport vyplat viplat deneg razgovar govor pisat pismo",
        "naznach zapoln bumag schet oplat platit plati kartoch konchae zakanchiv goryach holod vyzvat priglas pereeh pereez",
    ),
    "uk": _stems(
        "dozvil dozvol prodovzh podovzh pereklad zapys zapis dokument kvartyr robot pratsy pratsi pracy tymchas dopomo misyats misyac",
        "vidmov skarg oskarzh podat podav otrym oform zayav zaiav anket cherg likar likuv shkil shkol dytya dytyn ditey sadochok",
        "finsk ukrayin ukrain bizhen prytul prychyst zakhyst zahyst hromad gromad groshi hroshi podat zarplat vyplat bezkosht",
        "bezplat zustrich pryyshov pryishov pryyih pryih pryikha zhyv zhyt vynaym orend dohovir susid podruh batky cholov druzhyn",
        "simya simyi rodyn vodiy obmin potrib mozhn povyn khoch znayu rozum skazh pidkazh vidpovid pytan dzvon telefon vidkry vidcry",
        "zakry sohod sogod zavtr vchor ranok vechir nichog nichoh termin shvydk misto vulyts adres ispyt dovid pasport posvid zvidk",
        "rishen vazhly neobkhid neobhid zminy pominy zabraty vziaty vzyaty pokaz podzvon chekat chekay",
    ),
    "ar": _stems(
        "maktab masari flous fulus floos rateb ratib jinsiy jinsiyy jensiy rafad rafd qarar tashira talaq zawaj sadiq akhoy okhti ukhti",
        "ummi ommi mutarj motarj mustash mostash madras iqam ekam eqam mawed mawid lughat musaad mosaad musa3 lajo lojo lugoo muwafa",
    ),
    "fa": _stems(
        "eghamat eqamat panahand darkhast madrak madarek hamsar mitavan mitoon mikhah mikham nemitoon nemidun nemidoon"
    ),
}
