"""What `brain.persons` goes by, without accents: names, and capitalised words that are no names of persons."""

# A name that is also an everyday word, a tool or a place (Will, Mark, Ruby, Austin) is not among these: only a cue that
# leaves no doubt removes it.
GIVEN = """
Aarav Aarti Aditi Aditya Agnes Ahmad Ahmed Aidan Aisha Ajay Ajit Akash Akhil Akshat Akshay Akshita Alan Albert
Alberto Alejandro Aleksandr Alessandro Alex Alexander Alexandra Alexei Alfred Ali Alina Alisha Alok Alyssa Aman
Amanda Amar Amara Amelia Amina Amir Amit Amol Amrita Amy Ana Anand Ananya Anastasia Andre Andrea Andreas Andrei
Andres Andrew Andrey Andy Aneesh Angela Anika Aniket Anil Anindya Anirban Anirudh Anish Anisha Anita Anjali Ankit
Ankita Ankur Anna Anne Annie Anshul Anthony Antoine Anton Antonio Anuj Anupam Anurag Anusha Apoorv Apurva Archana
Archit Arjun Arman Armin Arnab Arnav Arpit Arpita Arthur Arun Aryan Ashish Ashley Ashok Ashutosh Ashwin Astrid Atul
Audrey Avinash Ayaan Ayan Ayesha Ayush Ayushi Balaji Barbara Beatrice Ben Benjamin Bernard Bernd Bhavesh Bhavya
Bhuvan Bianca Bjorn Bogdan Boris Brandon Brenda Brendan Brian Bruno Bryan Caitlin Camila Camille Carl Carla Carlos
Carmen Carol Caroline Catherine Cecilia Celine Chaitanya Chandan Chandra Charles Charlotte Chen Cheng Chetan Chirag
Chloe Chris Christina Christine Christof Christoph Christophe Christopher Ciara Cindy Claire Claudia Clement Colin
Connor Craig Cristina Cynthia Damien Daniel Daniela Danielle Danish Darren Darshan Dave David Debbie Deborah Deepa
Deepak Deepali Deepika Denis Dennis Derek Devansh Devika Dhananjay Dhanush Dhruv Diana Diane Dilip Dimitri Dinesh
Dipak Dipti Disha Divya Dmitri Dmitry Dominic Dominik Donald Donna Doris Dorothy Douglas Dylan Eduardo Edward Edwin
Ekaterina Elaine Eleanor Elena Elias Elijah Elisabeth Elise Elizabeth Ella Ellen Emilia Emily Emma Emmanuel Eric
Erica Erik Erika Ernesto Esha Esther Ethan Eugene Eva Evan Evelyn Fabian Fabio Farhan Fatima Federico Felipe Felix
Fernanda Fernando Filip Fiona Florent Florian Frances Francesca Francesco Francisco Francois Frank Franz Frederic
Frederik Gabriel Gabriela Gagan Ganesh Garima Gary Gaurav Gautam Gayatri Geeta Geoffrey Georg Gerald Gerard Giorgio
Giovanni Girish Giulia Giuseppe Gokul Gopal Gordon Gregory Greta Guillaume Gunjan Gurpreet Gustavo Hamza Hannah Hans
Hao Hardik Hari Harini Haris Harish Harpreet Harry Harsh Harsha Harshad Harshit Harshita Hassan Heather Hector Heidi
Heinrich Helen Helena Helmut Hemant Henri Henrik Henry Himanshi Himanshu Hitesh Holger Hongyi Howard Hugo Hui Ian
Ibrahim Igor Ilya Imran Ingrid Irene Irina Isaac Isabel Isabella Isha Ishaan Ishan Ishita Ismail Ivan Jacob
Jacqueline Jacques Jagdish Jai Jaime James Jamie Jan Jana Jane Janet Janice Jason Javier Jaya Jayant Jayesh Jean
Jeff Jeffrey Jenna Jennifer Jenny Jens Jeremy Jerome Jerry Jesse Jessica Jessie Jia Jim Jimmy Jing Jitendra Joachim
Joan Joanna Joe Joel Johan Johannes John Johnny Jon Jonas Jonathan Jorge Jose Joseph Josh Joshua Joyce Juan Judith
Judy Juergen Julian Juliana Julie Julien Julius Jun Justin Jyoti Kabir Kailash Kajal Kamal Kamil Karan Karen Karim
Karin Karl Karolina Karthik Kartik Kate Katharina Katherine Kathleen Kathryn Katie Katja Katrin Kaushik Kavita Kavya
Kedar Keith Kelly Kenji Kenneth Kenny Kerstin Ketan Kevin Khalid Khushi Kieran Kimberly Kiran Kirill Kirsten Kishore
Klaus Komal Konstantin Krishna Kristen Kristin Kristina Krutika Kshitij Kumar Kunal Kushal Kyle Lakshmi Lalit Lars
Laura Lauren Laurent Lavanya Layla Leila Lena Leo Leon Leonardo Leonie Leslie Lewis Liam Lina Linda Lisa Lokesh
Lorenzo Lori Louis Louise Luca Lucas Lucia Lucy Ludwig Luis Luisa Lukas Luke Luna Lydia Lynn Madhav Madhu Madhuri
Magdalena Mahesh Malik Manan Manas Mandar Maneesh Manish Manisha Manoj Mansi Manuel Marc Marcel Marcelo Marcin Marco
Marcos Marcus Margaret Maria Mariana Marie Marina Mario Marion Marius Markus Marta Martha Martin Martina Mary Mateo
Mathias Mathieu Mathilde Matt Matteo Matthew Matthias Maurice Maxim Maxime Maya Mayank Mayur Meena Meera Megan Megha
Meghana Mehdi Mehmet Melanie Melissa Michael Michaela Michal Michel Michele Michelle Miguel Mihai Mihir Mikael Mike
Mikhail Milan Milena Milind Minh Miriam Mirko Mitali Mohamed Mohammad Mohammed Mohan Mohit Mohsin Molly Mona Monica
Monika Muhammad Mukesh Mukul Murali Mustafa Nadia Nadine Nagesh Naman Namrata Nancy Nandini Naomi Naresh Natalia
Natalie Natasha Nathan Nathaniel Naveen Navneet Ned Neel Neelam Neeraj Neha Neil Nicholas Nick Nicolas Nicole Nidhi
Niharika Nikhil Nikita Niklas Nikolai Nilesh Nina Niraj Niranjan Nisha Nishant Nitesh Nithin Nitin Nitish Noah Noel
Nora Olga Oliver Olivia Olivier Omar Oscar Otto Pablo Padma Pallavi Pamela Pankaj Paola Paolo Param Paras Parth
Pascal Patricia Patrick Patrik Paul Paula Pauline Pavan Pavel Pawan Pawel Payal Pedro Peggy Peter Petra Philip
Philipp Philippe Phillip Pierre Pooja Poonam Prabhat Prachi Pradeep Pradip Praful Prajwal Prakash Pramod Pranav
Pranay Pranjal Prasad Prasanna Prashant Prateek Pratham Pratik Pratiksha Praveen Preeti Prerna Pritam Priti Priya
Priyanka Priyansh Puja Pulkit Puneet Purva Rachael Rachel Rachit Radha Rafael Raghav Raghu Rahul Raj Raja Rajat
Rajeev Rajesh Rajiv Rakesh Ralf Ralph Ram Rama Raman Ramesh Ramya Rashmi Raul Ravi Ravindra Raymond Rebecca Rekha
Renata Rene Renee Reshma Ricardo Richa Richard Rick Rishabh Rishi Ritesh Ritika Ritu Riya Robert Roberta Roberto
Robin Rodrigo Roger Rohan Rohini Rohit Roland Ronald Roshan Roshni Roxana Ruben Rucha Rudra Rupali Rushikesh Russell
Ruth Ryan Sachin Sagar Sahil Sai Saif Sakshi Salim Salman Salvatore Sam Samantha Sameer Samir Samuel Sandeep Sandhya
Sandip Sandra Sandy Sanjana Sanjay Sanjeev Sanket Santosh Sapna Sara Sarah Sarthak Satish Satya Saurabh Saurav Scott
Sean Sebastian Seema Selena Sergei Sergey Sergio Shah Shailesh Shalini Shane Shankar Shannon Shantanu Sharad Sharon
Shashank Shashi Shaun Shawn Sheila Shikha Shilpa Shirley Shiv Shivam Shivani Shobha Shraddha Shreya Shreyas Shriya
Shruti Shubham Shubhangi Shweta Siddhant Siddharth Siddhartha Silvia Simon Simona Simone Simran Smita Smriti Sneha
Snehal Sofia Soham Sonal Sonali Sonam Sonia Sophia Sophie Soren Soumya Sourabh Sourav Sravan Sridhar Srikanth
Srinivas Stacy Stefan Stefanie Stefano Stephan Stephanie Stephen Steve Steven Stuart Subham Subhash Sudha Sudhanshu
Sudheer Sudhir Sujata Sujay Sujit Suman Sumanth Sumit Sundar Sunil Sunita Supriya Suraj Suresh Surya Susan Susanne
Sushant Sushma Suzanne Sven Swapnil Swati Sylvia Tamara Tanay Tania Tanish Tanmay Tanuj Tanvi Tanya Tara Tariq Tarun
Tatiana Taylor Ted Tejas Terence Teresa Terry Thanh Theresa Thiago Thierry Thomas Tiffany Tim Timo Timothy Tina
Tobias Todd Tom Tomas Tommy Toni Tracy Tushar Tyler Uday Udit Ujjwal Ulrich Uma Umang Umesh Ursula Utkarsh Uttam Uwe
Vaibhav Valentin Valentina Valeria Vandana Varsha Varun Vedant Veena Venkat Venkatesh Vera Veronica Vibha Vicky
Victoria Vidya Vijay Vikas Vikash Vikram Vinay Vincent Vineet Vinit Vinod Viola Vipin Vipul Viraj Virat Vishal
Vishnu Vishwas Vivek Vivian Viviana Vlad Vladimir Walter Wang Wayne Wei Wendy Werner Wilhelm William Wolfgang Xavier
Xiao Xiaoming Xin Yamini Yan Yang Yann Yannick Yara Yash Yashika Yasmin Yi Ying Yogesh Yuan Yuki Yulia Yuri Yusuf
Yuvraj Yves Yvonne Zachary Zahra Zain Zara Zhang Zoe
"""

FAMILY = """
Abdullah Abraham Acharya Adams Adhikari Agarwal Aggarwal Agrawal Ahluwalia Ahmed Ahuja Ali Allen Alvarez Anand
Anderson Arora Arya Atkinson Babu Bailey Bajaj Bakshi Balakrishnan Banerjee Bansal Barnes Basu Batra Bauer Becker
Bedi Bell Bennett Bhagat Bhalla Bhandari Bhardwaj Bhargava Bhat Bhatia Bhatt Bhattacharya Bhattacharyya Bhushan
Biswas Bose Brown Bryant Butler Campbell Carter Chakraborty Chandra Chang Chatterjee Chaturvedi Chaudhary Chaudhuri
Chauhan Chavan Chawla Chen Cheng Chopra Choudhary Choudhury Chowdhury Chu Clark Cohen Collins Cox Cruz Dalal Das
Dasgupta Datta Davies Davis Dayal Desai Deshmukh Deshpande Devi Dhawan Dhillon Diaz Dixit Dubey Dubois Dutta Dwivedi
Edwards Evans Fernandes Fernandez Fischer Fisher Foster Gandhi Ganguly Garcia Garg Gautam George Gera Ghosh Gill
Goel Gokhale Gomez Gonzalez Gopalakrishnan Gowda Goyal Graham Griffin Grover Guha Gulati Gupta Gutierrez Haddad
Hansen Harris Hegde Hernandez Hoffmann Hossain Hsu Huang Hussain Iyengar Iyer Jackson Jadhav Jain Jaiswal Jha
Jimenez Jindal Johnson Jones Joshi Kadam Kale Kamath Kansal Kapoor Kapur Karim Kashyap Kaul Kaur Kelly Khan Khanna
Khare Khatri Kim Kohli Krishnamurthy Krishnan Krueger Kulkarni Kumar Kumari Kundu Lal Lee Lewis Li Lin Liu Lobo
Lopez Luo Madan Mahajan Maheshwari Maiti Malhotra Malik Mandal Mani Manohar Martinez Mathew Mathur Maurya Mehra
Mehrotra Mehta Meier Menon Meyer Miller Mishra Misra Mitchell Mitra Modi Mohanty Mohapatra Moore Morales Morris
Mueller Mukherjee Murphy Murthy Nadar Nagar Naidu Naik Nair Nambiar Nanda Narang Narayan Narayanan Nath Nayak Negi
Nelson Ng Nguyen Ortiz Padhi Pal Panda Pandey Pandit Pant Parekh Parikh Park Parker Parmar Patel Pathak Patil
Patnaik Pawar Perez Peterson Petrov Phillips Pillai Popov Prabhu Pradhan Prajapati Prasad Puri Qureshi Raghavan Rai
Raina Rajan Rajput Ramachandran Ramakrishnan Raman Ramirez Ramos Rana Ranganathan Rao Rastogi Rathi Rathore
Ravindran Rawat Reddy Richardson Rivera Roberts Robinson Rodriguez Rossi Roy Saha Sahoo Sahu Saini Saksena Salunkhe
Samanta Sanchez Sanders Sarkar Sathe Sawant Saxena Schmidt Schneider Schulz Schwartz Sen Sengupta Seth Sethi Shah
Shaikh Sharma Sheikh Shekhar Shetty Shi Shukla Sidhu Silva Simmons Singh Singhal Singhania Sinha Smirnov Smith
Solanki Somani Soni Sood Srinivasan Srivastava Subramaniam Subramanian Sullivan Sun Suri Suzuki Swaminathan Swamy
Tanaka Tandon Tang Taylor Thakkar Thakur Thomas Thompson Tiwari Torres Tripathi Trivedi Tyagi Upadhyay Varghese
Varma Vashisht Venkataraman Verma Vohra Vyas Wadhwa Wagner Walker Wang Watanabe Weber Williams Wilson Wong Wright Wu
Xie Xu Yadav Yamamoto Yang Ye Zhang Zhao Zheng Zhou Zhu
"""

# Companies, products and places of two words that hold such a name, and persons of public standing.
WHOLE = """
Abdul Kalam; Ada Lovelace; Aditya Birla; Alan Turing; Albert Einstein; Alex Labs; Alex Xu; Allen Hamilton; Allen
Institute; American Express; Andrew Ng; Andy Jassy; Arthur Little; Bajaj Finserv; Baker Hughes; Bill Gates; Booz
Allen; Carl Zeiss; Charles Schwab; Chip Huyen; Christian Dior; Christopher Bishop; Claude Shannon; David Huffman;
Donald Knuth; Edsger Dijkstra; Eli Lilly; Elon Musk; Eric Evans; Ernst Young; Gayle Laakmann; Geoffrey Hinton;
Goldman Sachs; Harley Davidson; Hewlett Packard; Hong Kong; Ian Goodfellow; Jane Doe; Jane Street; Jeff Bezos; Jeff
Dean; John Doe; John Nash; Johnson Controls; Joseph Kruskal; Kevin Murphy; Kotak Mahindra; Kuala Lumpur; Larry
Wasserman; Larsen Toubro; Las Vegas; Leo Burnett; Linus Torvalds; Lockheed Martin; Los Angeles; Louis Vuitton;
Mahatma Gandhi; Mahindra Mahindra; Mark Zuckerberg; Marks Spencer; Martin Fowler; Martin Kleppmann; Marvell; Micro
Focus; Morgan Stanley; Nelson Mandela; New York; Palo Alto; Reliance Jio; Richard Bellman; Robert Floyd; Robert
Martin; Robert Prim; Rolls Royce; Sam Club; San Diego; San Francisco; San Jose; Santa Clara; Satya Nadella; Stephen
Warshall; Steve Jobs; Sundar Pichai; Tata Elxsi; Tel Aviv; Texas Instruments; Thomas Bayes; Thomson Reuters; Tim
Cook; Tom Mitchell; Urban Company; Virat Kohli; Walt Disney; Warner Bros; Warren Buffett; Wells Fargo; Yann Lecun;
Yoshua Bengio
"""

# Capitalised words that follow "recruiter", "thanks to" and the like without being anybody's name.
WORDS = """
A About Above Academy Accenture Accepted Account Admin Administrator Adobe After Again Agile Airbnb Akamai Algorithm
Algorithms All Allah Almighty Also Always Amazon Amdocs An Analyst Analytics And Android Angular Anonymous
Anonymously Another Answer Answers Any Anyone Api Apple Application Applied Approximately April Arcesium Architect
Around Array Arrays As Asked Assessment Assignment At Atlassian Audible August Aws Azure Bachelor Bachelors Back
Backend Background Bangalore Bank Bar Based Bca Be Because Before Behavioral Behavioural Bengaluru Berlin Best Big
Binary Bloomberg Both Bs Btech Business But By Byjus Call Campus Can Candidate Candidates Capital Career Cares Case
Cat Ceo Certificate Certified Chennai Chief Chinese Cisco Citadel Cloud Club Code Codeforces Codility Coding College
Communication Community Company Compensation Computer Consultant Contact Contributor Core Corp Coursera Cracking
Cred Cto Cultural Culture Current Cv Data Database Databases Databricks Day Days December Deep Degree Delhi Dell
Deloitte Department Design Designer Desktop Developer Developers Development Devops Did Difficulty Director Discord
Discussed Discussion Discussions Django Do Docker Does Dp Dsa Due Duration During Dynamic Each Easy Edit Editor
Editorial Education Email Employee End Engineer Engineering Engineers English European Even Every Everyone Example
Examples Excel Executive Expedia Experience Expert Explain Facebook Family February Feedback Final Finally First
Five Flipkart Focus Focused Follow For Founder Founders Four France Free French Fresher Freshers Friday Friend From
Front Frontend Full Gcp Geek Geeks Geeksforgeeks General German Germany Git Github Given God Google Got Grad
Graduate Graph Great Group Guest Gurgaon Guys Hackerearth Hackerrank Hands Hard He Head Hello Her Here Hi High Him
Hiring His Hour Hours Hr Html Hyderabad I Ibm If Iiit Iit Important In Inc India Indian Infosys Initially Input
Instagram Instructor Integration Intel Intern Internal Internally Internship Interview Interviewbit Interviewer
Interviewers Interviewing Interviews Intro Introduce Introduction Intuit Ios It Its January Java Javascript Job
Journey Jpmc July June Junior Just Kafka Key Krishna Kubernetes Labs Language Last Later Lead Leader Leadership
Learning Leetcode Let Level Linkedin Linux List Live Location London Loop Lord Low Ltd Lyft Machine Make Man
Management Manager Managers Managing Many March Masters Math Mathematics May Mca Me Medium Meet Member Members Meta
Microsoft Minutes Mobile Mock Mode Monday Months More Most Mr Mrs Ms Mtech Mumbai My Name Netflix Network New Next
Nit No Noida None North Not Note Notes November Now Number Nvidia Oa Object October Of Off Offer Office Ola On Once
One Online Only Onsite Open Operating Operations Optional Or Oracle Oriented Other Our Out Outcome Output Overall
Oyo Pair Palantir Panel Parents Part Paypal Paytm People Performance Person Phd Phone Php Please Position Post Pov
Ppo Pre Prep Previous Principal Problem Problems Process Product Professional Professor Program Programme
Programming Project Projects Pune Python Qualcomm Quality Question Questions Quick Quora React Reader Ready
Recruiter Recruiters Recruiting Recruitment Reddit Redis Referral Referred Rejected Remote Representative Research
Resources Result Resume Review Role Roles Round Rounds Ruby Rust Salary Sales Salesforce Sample Samsung San Sap
Saturday Scala Scenario School Science Scientist Screen Screening Sde Second Section Security See Selected Senior
September Service Services She Shortlisted Side Since Sir Situation Skills Slack Software Solution Solutions Some
Someone Specialist Spring Sql Stack Staff Start Startup Status String Stripe Student Students Summer Sunday Support
Swe System Systems Talent Task Tcs Team Teams Tech Technical Technologies Technology Telegram Tell Test Testing
Thank Thanks That The Their Them Then There These They Third This Three Thursday Time Tip Tips To Today Topic Topics
Total Tree Tuesday Twitter Two Uber Undergrad Undisclosed Universe University Unknown Until Upon Us Usa Using
Verdict Vice Video Visa Vp Walmart Was We Web Website Wednesday Week Well What When Where Which While Whiteboard Who
Why Will Wipro With Women Work Working Yahoo Year Years Yelp Yes You Young Your Youtube Zoho Zomato Zoom
"""
